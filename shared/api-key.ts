import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

/**
 * `qxs_` (or `qxs_test_` for sandbox keys) + key id (12) + secret (32) + checksum (6), all base62.
 * 32 characters of base62 are 190 bits of secret; the checksum lets a typo, and most of a scanner's noise, be refused
 * before any read: contract §4.
 */
const PREFIX = { live: 'qxs_', test: 'qxs_test_' } as const;
const BASE62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const ID_LENGTH = 12;
const SECRET_LENGTH = 32;
const CHECKSUM_LENGTH = 6;
const SHAPE = /^(qxs_(?:test_)?)([0-9A-Za-z]{12})([0-9A-Za-z]{32})([0-9A-Za-z]{6})$/;

export type KeyMode = keyof typeof PREFIX;
export type ParsedApiKey = { keyId: string; secret: string; mode: KeyMode };

/** A new key; `text` is shown once and never stored. */
export function mintApiKey(mode: KeyMode): ParsedApiKey & { text: string } {
  const id = randomBase62(ID_LENGTH);
  const secret = randomBase62(SECRET_LENGTH);
  const body = PREFIX[mode] + id + secret;
  return { keyId: `key_${id}`, secret, mode, text: body + checksum(body) };
}

/** @returns null for anything that is not a well-formed key of ours; no read is needed to know. */
export function parseApiKey(text: string): ParsedApiKey | null {
  const match = SHAPE.exec(text);
  if (!match) return null;
  const [, prefix = '', id = '', secret = '', sum = ''] = match;
  if (checksum(prefix + id + secret) !== sum) return null;
  return { keyId: `key_${id}`, secret, mode: prefix === PREFIX.test ? 'test' : 'live' };
}

/** What the table holds instead of the secret: base64url HMAC-SHA256 with the pepper. */
export const hashApiKeySecret = (secret: string, pepper: string): string =>
  createHmac('sha256', pepper).update(secret).digest('base64url');

export function isSameHash(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}

function randomBase62(length: number): string {
  let text = '';
  while (text.length < length) {
    // 248 is the largest multiple of 62 below 256: higher bytes would favour the first characters.
    for (const byte of randomBytes(length)) if (byte < 248 && text.length < length) text += BASE62[byte % 62];
  }
  return text;
}

function checksum(body: string): string {
  let rest = crc32(body);
  let text = '';
  for (let i = 0; i < CHECKSUM_LENGTH; i++, rest = Math.floor(rest / 62)) text = BASE62[rest % 62] + text;
  return text;
}

/** CRC-32 as in zip: `node:zlib` has it too, and takes 2 ms of a cold start to load. */
function crc32(text: string): number {
  let rest = 0xffffffff;
  for (const byte of Buffer.from(text)) {
    rest ^= byte;
    for (let bit = 0; bit < 8; bit++) rest = (rest >>> 1) ^ (rest & 1 ? 0xedb88320 : 0);
  }
  return ~rest >>> 0;
}
