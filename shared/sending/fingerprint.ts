import { createHmac } from 'node:crypto';
import { canonicalJson } from '../json.ts';

/**
 * What makes two requests the same: route and parsed body. Keyed, because a bare hash of a six-digit code could be
 * guessed by whoever reads the table.
 */
export const requestFingerprint = (key: string, route: string, body: unknown): string =>
  createHmac('sha256', key)
    .update(`fingerprint\n${route}\n${canonicalJson(body)}`)
    .digest('base64url');
