import * as z from 'zod';

// Meta's webhook, read as loosely as it is written (meta-cloud-api §5): keys that are not named here pass unseen, an
// optional part that is odd is taken for absent, and every element of every list is parsed on its own, so that one odd
// element spoils nothing but itself.

/** An optional part that may be odd without spoiling what it is a part of. */
export const lenient = <T extends z.ZodType>(schema: T) => schema.optional().catch(undefined);

export const text = lenient(z.string());

/** DynamoDB has no numbers beyond 10^125, and its client refuses what a double cannot count exactly. */
export const isStorableNumber = (value: number): boolean =>
  Math.abs(value) <= Number.MAX_SAFE_INTEGER && (value === 0 || Math.abs(value) >= 1e-100);

/** Some samples of Meta's print numbers as strings. */
export const Numeric = z
  .union([z.number(), z.string().regex(/^-?\d{1,20}(\.\d{1,20})?$/)])
  .transform(Number)
  .refine(isStorableNumber);
export const number = lenient(Numeric);
export const flag = lenient(z.boolean());
export const list = lenient(z.array(z.unknown()));

/**
 * Ids of numbers, WABAs and templates: strings or, beyond 2^53 already made strings by `parseLossless`, integers. They
 * become keys of tables and of message groups, hence the narrow alphabet and the length.
 */
export const MetaId = z
  .union([z.string(), z.number().int()])
  .transform(String)
  .pipe(z.string().regex(/^[\w.-]{1,64}$/));

/** wamid, wacid: opaque, some 60 to 130 characters long; an index's key takes 2,048 bytes. */
export const OpaqueId = z.string().min(1).max(512);

/** Unix seconds, as a string or a number; no later than the year 9999, for which there are dates. @returns milliseconds */
export const Timestamp = z
  .union([z.number().int(), z.string().regex(/^\d{1,12}$/)])
  .transform(Number)
  .pipe(z.number().int().positive().max(253_402_300_799))
  .transform((seconds) => seconds * 1000);

export const WebhookBody = z.object({ entry: z.array(z.unknown()) });

/** `time` is there for template and account fields, and usually not for messages. */
export const Entry = z.object({ id: lenient(MetaId), time: lenient(Timestamp), changes: z.array(z.unknown()) });

export const Change = z.object({ field: z.string(), value: z.looseObject({}) });

/** What the fields of a phone number have in common. */
export const NumberValue = z.object({
  metadata: lenient(z.object({ phone_number_id: lenient(MetaId), display_phone_number: text })),
  contacts: list,
  messages: list,
  statuses: list,
  errors: list,
  calls: list,
  message_echoes: list,
  user_preferences: list,
  user_id_update: list,
});
export type NumberValue = z.output<typeof NumberValue>;

/** A person may come without a phone number (business-scoped user id): meta-cloud-api §2.6. */
export const Contact = z.object({
  profile: lenient(z.object({ name: text, username: text })),
  wa_id: text,
  user_id: text,
});
export type Contact = z.output<typeof Contact>;

export const Referral = z.object({
  source_url: text,
  source_id: text,
  source_type: text,
  headline: text,
  body: text,
  media_type: text,
  image_url: text,
  video_url: text,
  thumbnail_url: text,
  ctwa_clid: text,
  welcome_message: lenient(z.object({ text })),
});

/** What every message has, in either direction; the content stands under the key named by `type`. */
export const MessageHead = z.object({
  id: OpaqueId,
  timestamp: Timestamp,
  type: z.string().min(1),
  from: text,
  from_user_id: text,
  to: text,
  to_user_id: text,
  group_id: text,
  context: lenient(
    z.object({
      id: lenient(OpaqueId),
      forwarded: flag,
      frequently_forwarded: flag,
      referred_product: lenient(z.object({ catalog_id: text, product_retailer_id: text })),
    }),
  ),
  referral: lenient(Referral),
  errors: list,
});
export type MessageHead = z.output<typeof MessageHead>;

export const StatusUpdate = z.object({
  id: OpaqueId,
  status: z.string(),
  timestamp: Timestamp,
  recipient_id: text,
  recipient_user_id: text,
  recipient_participant_id: text,
  recipient_participant_user_id: text,
  biz_opaque_callback_data: text,
  pricing: lenient(z.object({ billable: flag, pricing_model: text, type: text, category: text })),
  conversation: lenient(
    z.object({ id: text, expiration_timestamp: lenient(Timestamp), origin: lenient(z.object({ type: text })) }),
  ),
  errors: list,
});
