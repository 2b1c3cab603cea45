import { createHmac } from 'node:crypto';

declare global {
  interface JSON {
    /** Puts a JSON primitive into the output as written; in V8 since Node 21, not yet in TypeScript's library. */
    rawJSON(text: string): object;
  }
}

/**
 * JSON as Meta writes it into webhooks: `/` as `\/`, everything outside ASCII as `\uXXXX` (meta-cloud-api §5.2), bigints
 * as plain integers. A receiver that verifies re-serialised JSON instead of the raw bytes fails on it.
 */
export function toWireJson(value: unknown): string {
  const json = JSON.stringify(value, (_key, item: unknown) =>
    typeof item === 'bigint' ? JSON.rawJSON(item.toString()) : item,
  );
  // Inside JSON text `/` and non-ASCII occur only within strings, so escaping the text escapes exactly those.
  return json
    .replaceAll('/', '\\/')
    .replaceAll(/[^\u0020-\u007e]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** `X-Hub-Signature-256` and the SHA-1 one Meta still sends beside it, which a receiver must not rely on. */
export function hubSignatures(appSecret: string, body: Buffer): Record<string, string> {
  return {
    'x-hub-signature': `sha1=${createHmac('sha1', appSecret).update(body).digest('hex')}`,
    'x-hub-signature-256': `sha256=${createHmac('sha256', appSecret).update(body).digest('hex')}`,
  };
}
