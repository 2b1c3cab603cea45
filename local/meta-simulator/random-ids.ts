import { randomBytes, randomInt } from 'node:crypto';

/** A Graph object id: decimal digits, as Meta's are. */
export function randomObjectId(): string {
  return String(randomInt(1, 10)) + Array.from({ length: 14 }, () => randomInt(10)).join('');
}

/**
 * A template id above 2^53 and odd, so that a receiver which reads the webhook's JSON integer as a double gets another
 * number than REST's string (meta-cloud-api §0.12). Stays below 2^63.
 */
export function randomTemplateId(): string {
  return String((BigInt(randomInt(11, 90)) * 10n ** 16n + BigInt(randomInt(2 ** 47))) | 1n);
}

/** Looks like a system-user token; worth nothing anywhere. */
export function randomAccessToken(): string {
  return `EAA${randomBytes(60).toString('base64url').replaceAll(/[-_]/g, 'x')}`;
}

export function randomTraceId(): string {
  return `A${randomBytes(16).toString('base64url')}`;
}

/** A wamid with the outward form of Meta's: base64 of a few framing bytes, the other side's number and a random part. */
export function randomWamid(other: string, direction: 'outbound' | 'inbound'): string {
  const digits = Buffer.from(other.slice(0, 40), 'ascii');
  const unique = Buffer.from(randomBytes(9).toString('hex').toUpperCase(), 'ascii');
  const bytes = Buffer.concat([
    Buffer.from([0x1c, 0x18, digits.length]),
    digits,
    Buffer.from([0x15, 0x02, 0x00, direction === 'outbound' ? 0x11 : 0x12, 0x18, unique.length]),
    unique,
    Buffer.from([0x00]),
  ]);
  return `wamid.${bytes.toString('base64')}`;
}
