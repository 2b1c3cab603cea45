import * as z from 'zod';
import { toIso } from '../clock.ts';
import { endOf } from '../keys/key-end.ts';
import { SCOPES } from '../scopes.ts';
import { withoutSecret } from '../secret-pattern.ts';
import type { ApiKey } from '../store/api-key-store.ts';

const time = z.iso.datetime();

export const KeyName = z
  .string()
  .trim()
  .min(1, 'A key needs a name.')
  .max(100)
  .refine(...withoutSecret)
  .meta({ description: 'Where it is used.', example: 'Signup service' });

export const KeyScopes = z
  .array(z.enum(SCOPES))
  .min(1)
  .transform((scopes) => SCOPES.filter((scope) => scopes.includes(scope)))
  .meta({ description: 'What it may do: as little as it needs.', example: ['whatsapp:send_otp'] });

export const KeyCountries = z
  .array(z.string().regex(/^[A-Z]{2}$/, 'A country is its two letters, such as DE.'))
  .min(1)
  .max(250)
  .transform((countries) => [...new Set(countries)].sort())
  .meta({ description: 'Where its one-time passwords may go, ISO 3166-1 alpha-2.', example: ['DE', 'FR'] });

export const KeyRequestsPerMinute = z
  .int()
  .min(1)
  .max(1_000_000)
  .meta({ description: 'Its own limit of sends.', example: 600 });

export const ApiKeyView = z
  .object({
    id: z.string().meta({ description: 'Id of the key; not the secret.', example: 'key_dZ4VJbDi0aB3' }),
    brand_id: z
      .string()
      .meta({ description: 'The brand it is bound to, for good.', example: 'brd_01KB2M5ZC0N7Q1V9T3X5Y7Z9A1' }),
    name: z.string().meta({ description: 'Where it is used.', example: 'Signup service' }),
    mode: z.enum(['live', 'test']).meta({ description: '`test` for sandbox keys.', example: 'live' }),
    scopes: z.array(z.enum(SCOPES)).meta({ description: 'What it may do.', example: ['whatsapp:send_otp'] }),
    status: z.enum(['active', 'ending', 'ended']).meta({
      description: 'ending: it was rolled and goes on for a while. ended: revoked or expired.',
      example: 'active',
    }),
    requests_per_minute: z
      .number()
      .nullable()
      .meta({ description: 'Its own limit of sends; null for the usual one.', example: null }),
    otp_countries: z
      .array(z.string())
      .nullable()
      .meta({ description: 'Where its one-time passwords may go; null for everywhere.', example: null }),
    created_at: time.meta({ description: 'When it was minted.', example: '2026-11-22T10:30:00.000Z' }),
    expires_at: time.nullable().meta({ description: 'When it ends by itself; null for never.', example: null }),
    last_used_at: time
      .nullable()
      .meta({ description: 'To the minute; null for never.', example: '2026-11-22T10:30:00.000Z' }),
    revoked_at: time
      .nullable()
      .meta({ description: 'When it ends, or ended, by somebody; null if not.', example: null }),
    revoked_because: z.enum(['by_hand', 'rolled', 'leaked']).nullable().meta({ description: 'Why.', example: null }),
    rolled_to: z.string().nullable().meta({ description: 'The key that took its place.', example: null }),
  })
  .meta({ id: 'ApiKey', description: 'An API key of a brand, without its secret.' });

/** The only answer with the secret in it; a repetition has null there. */
export const MintedKeyView = ApiKeyView.extend({
  secret: z.string().nullable().meta({
    description:
      'The key itself, shown this once. null in a repetition with the same Idempotency-Key: roll the key then.',
    example: 'qxs_dZ4VJbDi0aB3…',
  }),
}).meta({ id: 'MintedApiKey', description: 'A new key.' });

export function apiKeyView(key: ApiKey, nowMs: number): z.input<typeof ApiKeyView> {
  const timeOrNull = (at: number | null) => (at === null ? null : toIso(at));
  const isOver = (endOf(key) ?? Number.POSITIVE_INFINITY) <= nowMs;
  return {
    id: key.keyId,
    brand_id: key.brandId ?? '',
    name: key.name,
    mode: key.mode,
    scopes: key.scopes,
    status: isOver ? 'ended' : key.revokedAt === null ? 'active' : 'ending',
    requests_per_minute: key.requestsPerMinute ?? null,
    otp_countries: key.otpCountries ?? null,
    created_at: toIso(key.createdAt),
    expires_at: timeOrNull(key.expiresAt),
    last_used_at: timeOrNull(key.lastUsedAt),
    revoked_at: timeOrNull(key.revokedAt),
    revoked_because: key.revokedBecause ?? null,
    rolled_to: key.rolledTo ?? null,
  };
}

export const ApiKeyParams = z.object({
  id: z.string().meta({ description: 'Id of the key.', example: 'key_dZ4VJbDi0aB3' }),
});
export type ApiKeyParams = z.output<typeof ApiKeyParams>;
