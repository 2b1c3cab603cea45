import type { InboundUpdate } from './inbound-update.ts';

/**
 * An update becomes a message of SQS (1 MiB), a message in history and an event with its attempts (400 KB an item): it
 * may be this long. The longest text WhatsApp lets people write, 65,536 characters, is below it in every language.
 */
export const MAX_UPDATE_BYTES = 200 * 1024;

/** Tried one after the other. */
const LIMITS = [
  { characters: 16_384, entries: 100 },
  { characters: 512, entries: 20 },
];

/**
 * Makes an update short enough: long texts and lists are cut, and what is still too long loses its content.
 * @param textOf the JSON of an update, as it will be queued
 * @returns null when it cannot be
 */
export function fitUpdate(update: InboundUpdate, textOf: (update: InboundUpdate) => string): string | null {
  const isMessage = update.kind === 'message' || update.kind === 'echo';
  for (const limit of LIMITS) {
    const text = textOf(isMessage ? cut({ ...update, truncated: true }, limit) : cut(update, limit));
    if (Buffer.byteLength(text) <= MAX_UPDATE_BYTES) return text;
  }
  if (!isMessage) return null;
  const type = 'unsupported';
  const empty = { ...update, type, content: { type: update.type, reason: 'too_large' }, truncated: true as const };
  const text = textOf(
    cut({ ...empty, referral: null, product: null, errors: [] }, LIMITS[1] ?? { characters: 512, entries: 20 }),
  );
  return Buffer.byteLength(text) <= MAX_UPDATE_BYTES ? text : null;
}

/** Nested some twenty levels at most: schemas have seen to it. */
function cut<T>(value: T, limit: { characters: number; entries: number }): T;
function cut(value: unknown, limit: { characters: number; entries: number }): unknown {
  if (typeof value === 'string')
    return value.length > limit.characters ? `${value.slice(0, limit.characters)}…` : value;
  if (Array.isArray(value)) return value.slice(0, limit.entries).map((entry) => cut(entry, limit));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, cut(inner, limit)]));
}
