import { createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { Webhook } from 'standardwebhooks';

/** Standard Webhooks' own tolerance, both ways. */
const TOLERANCE_SECONDS = 5 * 60;

/** Whether each of the two schemes holds, and if not, why. */
export type Verification = {
  quixess: boolean;
  standard: boolean;
  /** For people who debug; null when both hold. */
  problem: string | null;
};

/**
 * Checks a delivery as a careful tenant would. Deliberately shares no code with what signs it.
 * @param secrets those the tenant accepts now; more than one while it rotates
 * @param nowMs virtual time, because the stack's clock may run ahead of the real one
 */
export function verifyDelivery(
  headers: IncomingHttpHeaders,
  body: Buffer,
  secrets: readonly string[],
  nowMs: number,
): Verification {
  if (secrets.length === 0) return { quixess: false, standard: false, problem: 'the receiver has no secret yet' };
  const quixess = quixessProblem(headers, body, secrets);
  const standard = standardProblem(headers, body, secrets, nowMs);
  const problem = [quixess, standard].filter((each) => each !== null).join('; ');
  return { quixess: quixess === null, standard: standard === null, problem: problem === '' ? null : problem };
}

/** The key is the secret as shown, prefix and all: what a tenant pastes into `createHmac`. */
function quixessProblem(headers: IncomingHttpHeaders, body: Buffer, secrets: readonly string[]): string | null {
  const given = single(headers, 'x-quixess-signature-256');
  if (given === undefined) return 'x-quixess-signature-256 is missing';
  const isValid = secrets.some((secret) =>
    isSame(given, `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`),
  );
  return isValid ? null : 'x-quixess-signature-256 does not match';
}

/**
 * The library signs; comparing and the tolerance are done here, because its `verify` takes the time from the real clock.
 */
function standardProblem(
  headers: IncomingHttpHeaders,
  body: Buffer,
  secrets: readonly string[],
  nowMs: number,
): string | null {
  const id = single(headers, 'webhook-id');
  const timestamp = single(headers, 'webhook-timestamp');
  const signatures = single(headers, 'webhook-signature')?.split(' ');
  if (id === undefined || timestamp === undefined || signatures === undefined) return 'a webhook-… header is missing';
  if (!/^\d{1,12}$/.test(timestamp)) return 'webhook-timestamp is not in seconds';
  const ageSeconds = Math.floor(nowMs / 1000) - Number(timestamp);
  if (Math.abs(ageSeconds) > TOLERANCE_SECONDS) return `webhook-timestamp is ${ageSeconds} s old`;
  const isValid = secrets.some((secret) => {
    const expected = standardSignature(secret, id, Number(timestamp), body);
    return expected !== null && signatures.some((signature) => isSame(signature, expected));
  });
  return isValid ? null : 'webhook-signature does not match';
}

/** @returns null for a secret the standard cannot read (not base64 after its prefix) */
function standardSignature(secret: string, id: string, timestamp: number, body: Buffer): string | null {
  try {
    return new Webhook(secret).sign(id, new Date(timestamp * 1000), body.toString('utf8'));
  } catch {
    return null;
  }
}

function single(headers: IncomingHttpHeaders, name: string): string | undefined {
  const value = headers[name];
  return Array.isArray(value) ? undefined : value;
}

function isSame(given: string, expected: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)];
  return a.length === b.length && timingSafeEqual(a, b);
}
