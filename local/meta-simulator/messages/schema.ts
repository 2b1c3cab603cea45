import * as z from 'zod';
import { InteractiveContent } from './interactive-schema.ts';
import { coordinate, mediaRef, text, webUrl } from './parts.ts';
import { TemplateContent } from './template-schema.ts';

const caption = z.string().max(1024).optional();

const contact = z.strictObject({
  name: z
    .strictObject({
      formatted_name: text(1024),
      first_name: z.string().optional(),
      last_name: z.string().optional(),
      middle_name: z.string().optional(),
      suffix: z.string().optional(),
      prefix: z.string().optional(),
    })
    .refine(({ formatted_name, ...parts }) => Object.keys(parts).length > 0, {
      message: 'at least one more part of the name is required beside formatted_name',
      params: { graphCode: 131008 },
    }),
  phones: z
    .array(z.strictObject({ phone: text(50), type: z.string().optional(), wa_id: z.string().optional() }))
    .optional(),
  emails: z.array(z.strictObject({ email: z.email(), type: z.string().optional() })).optional(),
  org: z
    .strictObject({
      company: z.string().optional(),
      department: z.string().optional(),
      title: z.string().optional(),
    })
    .optional(),
  addresses: z
    .array(
      z.strictObject({
        street: z.string().optional(),
        city: z.string().optional(),
        state: z.string().optional(),
        zip: z.string().optional(),
        country: z.string().optional(),
        country_code: z.string().optional(),
        type: z.string().optional(),
      }),
    )
    .optional(),
  urls: z.array(z.strictObject({ url: webUrl, type: z.string().optional() })).optional(),
  birthday: z.iso.date().optional(),
});

/** What each `type` carries under the key of the same name. */
const CONTENTS = {
  text: z.strictObject({ body: text(4096), preview_url: z.boolean().optional() }),
  image: mediaRef({ caption }),
  video: mediaRef({ caption }),
  audio: mediaRef({ voice: z.boolean().optional() }),
  document: mediaRef({ caption, filename: text(240).optional() }),
  sticker: mediaRef({}),
  // An empty emoji takes the reaction back.
  reaction: z.strictObject({ message_id: text(512), emoji: z.string().max(64) }),
  location: z.strictObject({
    latitude: coordinate(90),
    longitude: coordinate(180),
    name: z.string().max(1000).optional(),
    address: z.string().max(1000).optional(),
  }),
  contacts: z.array(contact).min(1).max(257),
  interactive: InteractiveContent,
  template: TemplateContent,
} as const;

export type MessageType = keyof typeof CONTENTS;

export function isMessageType(type: string): type is MessageType {
  return Object.hasOwn(CONTENTS, type);
}

export const MESSAGE_TYPES: readonly string[] = Object.keys(CONTENTS);

const envelope = {
  messaging_product: z.literal('whatsapp'),
  recipient_type: z.enum(['individual', 'group']).optional(),
  to: z.string().optional(),
  recipient: z.string().optional(),
  type: z.string().optional(),
  context: z.strictObject({ message_id: text(512) }).optional(),
  biz_opaque_callback_data: z.string().max(512).optional(),
  recipient_identity_key_hash: text(512).optional(),
};

// Built once: compiling a schema costs more than a hundred uses of it.
const SCHEMAS = new Map<string, z.ZodType<object>>(
  Object.entries(CONTENTS).map(([type, content]) => [type, z.strictObject({ ...envelope, [type]: content })]),
);

/** The body of a send of one type: any key of another type is one Meta does not expect. */
export function messageSchema(type: MessageType): z.ZodType<object> {
  const schema = SCHEMAS.get(type);
  if (schema === undefined) throw new Error(`no schema for messages of type ${type}`);
  return schema;
}

/** What every valid send has; the content is read by the type's own schema. */
export const Envelope = z.object(envelope);
export type Envelope = z.infer<typeof Envelope>;

/** meta-cloud-api §2.4: no typing without marking read. */
export const ReadReceipt = z.strictObject({
  messaging_product: z.literal('whatsapp'),
  status: z.literal('read'),
  message_id: z.string().startsWith('wamid.'),
  typing_indicator: z.strictObject({ type: z.literal('text') }).optional(),
});
