import * as z from 'zod';
import type { EndpointContract } from '../../shared/http/contract.ts';
import { SCOPES } from '../../shared/scopes.ts';

const time = z.iso.datetime();

export const KeyView = z
  .object({
    id: z.string().meta({ description: 'Id of the key; not the secret.', example: 'key_dZ4VJbDi0aB3' }),
    name: z.string().meta({ description: 'Its name in the dashboard.', example: 'Signup service' }),
    mode: z.enum(['live', 'test']).meta({ description: '`test` for sandbox keys.', example: 'live' }),
    brand_id: z
      .string()
      .nullable()
      .meta({ description: 'The brand it is bound to.', example: 'brd_01KB2M5ZC0N7Q1V9T3X5Y7Z9A1' }),
    scopes: z.array(z.enum(SCOPES)).meta({ description: 'What it may do.', example: ['whatsapp:send_otp'] }),
    limits: z
      .object({
        requests_per_second: z
          .number()
          .meta({ description: 'Steady rate of the API, all tenants together.', example: 2000 }),
        burst: z.number().meta({ description: 'How many may come at once.', example: 4000 }),
        sends_per_minute: z
          .number()
          .meta({ description: 'Sends and replies of this key, in any rhythm.', example: 600 }),
        otp_per_recipient_per_hour: z.number().nullable().meta({
          description: 'There is no limit by the hour: see those of ten minutes and of a day.',
          example: null,
          deprecated: true,
        }),
        otp_per_recipient_per_ten_minutes: z
          .number()
          .meta({ description: 'One-time passwords of the brand to one person, in any ten minutes.', example: 5 }),
        otp_per_recipient_per_day: z
          .number()
          .meta({ description: 'One-time passwords of the brand to one person, in any 24 hours.', example: 20 }),
        otp_countries: z
          .array(z.string())
          .nullable()
          .meta({ description: 'Where its one-time passwords may go; null for everywhere.', example: ['DE', 'US'] }),
        messages_per_recipient_burst: z.number().meta({
          description: "Messages of the brand's number to one person at once; beyond that one in 6 s.",
          example: 45,
        }),
        messages_per_second: z
          .number()
          .meta({ description: "Messages of the brand's number to everybody.", example: 80 }),
      })
      .meta({ description: 'Beyond them you get 429 with Retry-After.' }),
    created_at: time.meta({ description: 'When it was minted.', example: '2026-11-22T10:30:00.000Z' }),
    expires_at: time.nullable().meta({ description: 'When it ends; null for never.', example: null }),
    last_used_at: time.nullable().meta({ description: 'To the minute.', example: '2026-11-22T10:30:00.000Z' }),
  })
  .meta({ id: 'Key', description: 'An API key.' });

export const contract = {
  operationId: 'key.get',
  tag: 'Account',
  summary: 'Get the key in use',
  description: 'What the API key of this request is: its brand, scopes, limits and expiry. Any valid key may ask.',
  responses: { 200: { description: 'The key.', schema: KeyView } },
  errors: [],
} as const satisfies EndpointContract;
