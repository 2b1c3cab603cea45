import * as z from 'zod';

/** E.164 with or without the plus; digits come out. Spaces and hyphens are refused: a number is never corrected silently. */
export const PhoneNumber = z
  .string()
  .regex(
    /^\+?[1-9]\d{6,14}$/,
    'This is not an E.164 phone number: 7 to 15 digits with country code, with or without a plus.',
  )
  .transform((text) => text.replace('+', ''))
  .meta({ description: 'Phone number, E.164, with or without the plus.', example: '+15550109999' });

/** A person whose phone number WhatsApp withholds has a user id for this business instead (meta-cloud-api §2.6). */
export const USER_ID = /^[A-Z]{2}\.(?:ENT\.)?[A-Za-z0-9]{1,128}$/;

/** Whom a reply is for: a phone number as above, or the `user_id` of a contact without one. */
export const Recipient = z
  .string()
  .regex(/^(?:\+?[1-9]\d{6,14}|[A-Z]{2}\.(?:ENT\.)?[A-Za-z0-9]{1,128})$/, {
    message: 'This is neither an E.164 phone number nor a WhatsApp user id.',
  })
  .transform((text) => text.replace('+', ''))
  .meta({
    description:
      "Phone number, E.164, with or without the plus; or the contact's `user_id` where WhatsApp withholds the number.",
    example: '+15550109999',
  });

export const Reference = z.string().max(128).meta({
  description: 'Yours: given back in the message and in each of its events.',
  example: 'signup-4711',
});

export const TemplateName = z
  .string()
  .regex(/^[a-z0-9_]{1,512}$/, 'A template name has only a–z, 0–9 and _.')
  .meta({ description: 'Name of the template.', example: 'order_update' });

export const Language = z
  .string()
  .regex(/^[a-z]{2,3}(_[A-Za-z]{2,4})?$/, 'A language looks like en or en_US.')
  .meta({
    description: "Language of the template, as in its list. Omitted: the template's only language, else `en_US`.",
    example: 'en_US',
  });

/** Our id or Meta's: whatever it is not is not found. */
const MAX_MESSAGE_ID_LENGTH = 300;
export const MessageIdOrWamid = z.string().min(1).max(MAX_MESSAGE_ID_LENGTH);

export const ReplyTo = MessageIdOrWamid.meta({
  description: 'The message to quote: our id (`msg_…`) or its wamid.',
  example: 'msg_01KB2M5ZC0N7Q1V9T3X5Y7Z9A1',
});

const LATEST_MS = Date.parse('9999-12-31T23:59:59.999Z');

const timestamp = z.iso.datetime({
  offset: true,
  message: 'This is not an ISO 8601 time such as 2026-11-22T10:30:00Z.',
});
/** Ids hold no time before 1970, and ISO none after 9999 without a sign. */
const toMs = (text: string): number => Math.min(LATEST_MS, Math.max(0, Date.parse(text)));

/** Of every list. */
export const PageQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(100).default(25).meta({ description: 'Rows in a page.', example: 25 }),
  cursor: z.string().max(1000).optional().meta({
    description: "`next_cursor` of the page before; bound to the key's brand, the list and its filters.",
    example: 'eyJhZnRlciI6Im1zZ18wMUtCMk0ifQ.Zm9vYmFyYmF6cXV4',
  }),
});

export const Since = timestamp
  .transform(toMs)
  .optional()
  .meta({ description: 'At this time or later.', example: '2026-11-01T00:00:00Z' });
export const Until = timestamp
  .transform(toMs)
  .optional()
  .meta({ description: 'Before this time.', example: '2026-12-01T00:00:00Z' });

/** Of the dashboard's calls: which of the organisation's brands it is about. */
export const BrandId = z
  .string()
  .min(1)
  .max(100)
  .meta({ description: 'A brand of your organisation.', example: 'brd_01KB2M5ZC0N7Q1V9T3X5Y7Z9A1' });
export const BrandQuery = z.strictObject({ brand_id: BrandId });

/** A message by its place in the path. */
export const MessageParams = z.object({
  id: z.string().meta({ description: 'Our id (`msg_…`), or the wamid.', example: 'msg_01KB2M5ZC0N7Q1V9T3X5Y7Z9A1' }),
});
export type MessageParams = z.output<typeof MessageParams>;
