import { createHmac, timingSafeEqual } from 'node:crypto';
import { ApiError } from '../errors.ts';
import { canonicalJson } from '../json.ts';

/** 128 bits: nobody guesses one, and a cursor stays short. */
const SIGNATURE_BYTES = 16;

/** What a cursor is good for: `owner` is a brand or an organisation, `filters` without the page's own size and cursor. */
export type CursorBinding = { owner: string; resource: string; filters: Record<string, unknown> };

/** Signs a place in a list. `position` is shown to whoever decodes it: ids and times, nothing else. */
export function writeCursor(key: string, binding: CursorBinding, position: string): string {
  return `${Buffer.from(position).toString('base64url')}.${signature(key, binding, position).toString('base64url')}`;
}

/** @throws ApiError 400 for what we did not write, or wrote for another brand, list or filter */
export function readCursor(key: string, binding: CursorBinding, cursor: string): string {
  const [encoded = '', given = ''] = cursor.split('.');
  const position = Buffer.from(encoded, 'base64url').toString('utf8');
  const [expected, presented] = [signature(key, binding, position), Buffer.from(given, 'base64url')];
  if (expected.length === presented.length && timingSafeEqual(expected, presented)) return position;
  const message = 'The cursor is not one of this list with these filters.';
  throw new ApiError('invalid_cursor', message, { errors: [{ pointer: 'query:cursor', code: 'invalid', message }] });
}

/** Another first word than that of the fingerprints, which have the same key: neither can be taken for the other. */
const signature = (key: string, { owner, resource, filters }: CursorBinding, position: string): Buffer =>
  createHmac('sha256', key)
    .update(['cursor', owner, resource, canonicalJson(filters), position].join('\n'))
    .digest()
    .subarray(0, SIGNATURE_BYTES);
