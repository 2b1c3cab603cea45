import * as z from 'zod';
import { EVENT_TYPES } from '../events/event-types.ts';
import { withoutSecret } from '../secret-pattern.ts';
import { TemplateName } from './fields.ts';

/** Ids of Meta's objects are digits. */
const metaId = z.string().regex(/^\d{5,25}$/, "This is not one of Meta's ids, which are digits.");

export const WabaId = metaId.meta({
  description: 'Id of the WhatsApp Business account, from Meta Business Suite.',
  example: '800000000000001',
});
export const PhoneNumberId = metaId.meta({
  description: "Meta's id of the phone number, from WhatsApp Manager.",
  example: '900000000000001',
});
export const AccessToken = z
  .string()
  .trim()
  .regex(/^\S{20,1000}$/, 'This is not an access token.')
  .meta({
    description: 'Token of a system user with access to the account. Kept in a vault, never shown or logged.',
    example: 'token-of-a-system-user-of-yours',
  });
export const WebhookUrl = z
  .string()
  .trim()
  .max(2000)
  .refine(...withoutSecret)
  .meta({
    description: 'Where events go: https, and not an address of a private network.',
    example: 'https://shop.example/hooks/quixess',
  });
export const EventTypes = z
  .array(z.enum(EVENT_TYPES))
  .max(EVENT_TYPES.length)
  .transform((types) => [...new Set(types)])
  .meta({ description: 'Events that are sent.', example: ['message.received', 'message.failed'] });
export const DefaultOtpTemplate = TemplateName.meta({
  description: 'Used by `send/otp` without `template_name`.',
  example: 'signup_otp',
});

export const ConnectionParams = z.object({
  id: z
    .string()
    .min(1)
    .max(100)
    .meta({ description: 'Id of the connection.', example: 'con_01KB2M5ZC0N7Q1V9T3X5Y7Z9A1' }),
});
export type ConnectionParams = z.output<typeof ConnectionParams>;
