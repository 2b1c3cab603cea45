import * as z from 'zod';

/**
 * Meta's webhook, read as loosely as it is written (meta-cloud-api §5): unknown keys pass, and every element of every
 * list is parsed on its own, so that one odd element spoils nothing but itself.
 */
export const WebhookBody = z.looseObject({
  entry: z.array(
    z.looseObject({
      id: z.coerce.string(),
      changes: z.array(z.looseObject({ field: z.string(), value: z.looseObject({}) })),
    }),
  ),
});

export const MessagesValue = z.looseObject({
  metadata: z.looseObject({ phone_number_id: z.coerce.string() }),
  contacts: z.array(z.unknown()).optional(),
  messages: z.array(z.unknown()).optional(),
  statuses: z.array(z.unknown()).optional(),
});

/** A person may come without a phone number (business-scoped user id): meta-cloud-api §2.6. */
export const Contact = z.looseObject({
  profile: z.looseObject({ name: z.string().optional(), username: z.string().optional() }).optional(),
  wa_id: z.string().optional(),
  user_id: z.string().optional(),
});
export type Contact = z.output<typeof Contact>;

/** Unix seconds, as a string. */
const Timestamp = z.coerce.number().int().positive();

export const InboundMessage = z.looseObject({
  id: z.string().min(1),
  timestamp: Timestamp,
  type: z.string(),
  from: z.string().optional(),
  from_user_id: z.string().optional(),
  text: z.looseObject({ body: z.string() }).optional().catch(undefined),
  context: z.looseObject({ id: z.string().optional() }).optional().catch(undefined),
});

export const StatusUpdate = z.looseObject({
  id: z.string().min(1),
  status: z.string(),
  timestamp: Timestamp,
  recipient_id: z.string().optional(),
  recipient_user_id: z.string().optional(),
  biz_opaque_callback_data: z.string().optional(),
  pricing: z.record(z.string(), z.unknown()).optional().catch(undefined),
  conversation: z.record(z.string(), z.unknown()).optional().catch(undefined),
  errors: z
    .array(z.looseObject({ code: z.number() }))
    .optional()
    .catch(undefined),
});
