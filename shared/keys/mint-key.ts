import { invalidRequest } from '../http/field-errors.ts';
import { type ApiResponse, json } from '../http/response.ts';
import type { ApiKey } from '../store/api-key-store.ts';
import { apiKeyView, MintedKeyView } from '../views/api-key-view.ts';
import type { MintedKey } from './new-key.ts';

/** @throws ApiError 400 for a time that is over */
export function requireFuture(expiresAt: number | null | undefined, nowMs: number): void {
  if (expiresAt === null || expiresAt === undefined || expiresAt > nowMs) return;
  throw invalidRequest([{ pointer: '/expires_at', code: 'in_the_past', message: 'This time is over.' }]);
}

/** The one answer with the secret, and what is kept of it for a repetition: the same without. */
export function mintedAnswer({ key, text }: MintedKey, nowMs: number): { response: ApiResponse; kept: unknown } {
  const view = (secret: string | null) => MintedKeyView.parse({ ...apiKeyView(key, nowMs), secret });
  // Every answer says no-store already (shared/http/response.ts); here it must not depend on that.
  return { response: json(201, view(text), { 'Cache-Control': 'no-store' }), kept: view(null) };
}

/** What the audit log says of a key. */
export function keySettings(key: ApiKey, nowMs: number) {
  const { name, mode, scopes, expires_at, requests_per_minute, otp_countries } = apiKeyView(key, nowMs);
  return { name, mode, scopes: [...scopes], expires_at, requests_per_minute, otp_countries };
}
