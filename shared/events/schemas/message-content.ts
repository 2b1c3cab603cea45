import * as z from 'zod';
import { MessageRef, optionalText, PersonRef, time } from './parts.ts';

export const MediaFile = z.strictObject({
  id: z.string().describe("Meta's id of the file."),
  mime_type: optionalText('e.g. `audio/ogg; codecs=opus`.'),
  sha256: optionalText('Hash of the file, base64.'),
  size: z.number().optional().describe('Bytes, where Meta tells.'),
  url: z.string().describe('Where to fetch the file with your API key: a path of this API.'),
});

const caption = optionalText('The text under it.');

const ContactCard = z.strictObject({
  name: z.strictObject({
    formatted: optionalText('The whole name.'),
    first: z.string().nullable(),
    middle: z.string().nullable(),
    last: z.string().nullable(),
    prefix: z.string().nullable(),
    suffix: z.string().nullable(),
  }),
  phones: z.array(
    z.strictObject({
      phone: optionalText('As the person keeps it.'),
      wa_id: optionalText('Digits of the WhatsApp number.'),
      user_id: z.string().nullable(),
      type: optionalText('e.g. `CELL`.'),
    }),
  ),
  emails: z.array(z.strictObject({ email: z.string(), type: z.string().nullable() })),
  addresses: z.array(
    z.strictObject({
      street: z.string().nullable(),
      city: z.string().nullable(),
      state: z.string().nullable(),
      zip: z.string().nullable(),
      country: z.string().nullable(),
      country_code: z.string().nullable(),
      type: z.string().nullable(),
    }),
  ),
  urls: z.array(z.strictObject({ url: z.string(), type: z.string().nullable() })),
  organisation: z
    .strictObject({
      company: z.string().nullable(),
      department: z.string().nullable(),
      title: z.string().nullable(),
    })
    .nullable(),
  birthday: z.string().nullable(),
  origin: optionalText('`contact_request` when the person answered your request for a phone number.'),
  vcard: z.string().nullable(),
});

const InteractiveContent = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('button'),
    id: z.string().describe('The id you gave the button.'),
    title: z.string().nullable(),
  }),
  z.strictObject({
    kind: z.literal('list'),
    id: z.string().describe('The id you gave the row.'),
    title: z.string().nullable(),
    description: z.string().nullable(),
  }),
  z.strictObject({
    kind: z.literal('flow'),
    name: z.string().nullable(),
    body: z.string().nullable(),
    response: z
      .record(z.string(), z.unknown())
      .nullable()
      .describe('What the person entered; null when it is not a JSON object, and then see `response_json`.'),
    response_json: optionalText("The flow's answer as it came."),
  }),
  z.strictObject({
    kind: z.literal('call_permission'),
    response: z.string().describe('`accept` or `reject`.'),
    is_permanent: z.boolean().nullable(),
    expires_at: time.nullable(),
    source: z.string().nullable(),
  }),
]);

/** `content` for each `type` of a message. */
export const MESSAGE_CONTENT = {
  text: z.strictObject({ body: z.string() }),
  image: z.strictObject({ media: MediaFile, caption }),
  video: z.strictObject({ media: MediaFile, caption }),
  audio: z.strictObject({ media: MediaFile }),
  voice: z.strictObject({ media: MediaFile }),
  document: z.strictObject({ media: MediaFile, caption, filename: z.string().nullable() }),
  sticker: z.strictObject({ media: MediaFile, animated: z.boolean() }),
  location: z.strictObject({
    latitude: z.number(),
    longitude: z.number(),
    name: z.string().nullable(),
    address: z.string().nullable(),
    url: z.string().nullable(),
  }),
  contacts: z.strictObject({ contacts: z.array(ContactCard) }),
  reaction: z.strictObject({
    emoji: optionalText('null when the reaction was taken back.'),
    target: MessageRef.describe('The message reacted to.'),
  }),
  button: z.strictObject({
    payload: optionalText(
      "The payload you gave the template's button; `DID_NOT_REQUEST_CODE` from the OTP template's.",
    ),
    text: z.string().nullable(),
  }),
  interactive: InteractiveContent,
  order: z.strictObject({
    catalog_id: z.string().nullable(),
    text: z.string().nullable(),
    items: z.array(
      z.strictObject({
        product_retailer_id: z.string(),
        quantity: z.number().nullable(),
        item_price: z.number().nullable(),
        currency: z.string().nullable(),
      }),
    ),
  }),
  system: z.strictObject({
    change: z
      .enum(['number_changed', 'user_id_changed', 'identity_changed', 'other'])
      .describe('What happened; also told by `contact.id_changed`.'),
    body: optionalText("WhatsApp's sentence about it."),
    previous: PersonRef,
    current: PersonRef,
  }),
  edit: z.strictObject({
    target: MessageRef.describe('The message that was edited.'),
    message: z.strictObject({ type: z.string(), content: z.record(z.string(), z.unknown()) }),
  }),
  revoke: z.strictObject({ target: MessageRef.describe('The message that was deleted.') }),
  request_welcome: z.strictObject({}),
  unsupported: z.strictObject({
    type: optionalText("Meta's name for what the person sent."),
    reason: z
      .enum(['not_supported_by_whatsapp', 'unknown_type', 'unreadable', 'too_large'])
      .describe('Why you do not see it; in the last three cases we keep what Meta sent for 30 days.'),
  }),
} as const;
export type MessageType = keyof typeof MESSAGE_CONTENT;

type Body = { [T in MessageType]: { type: T; content: z.output<(typeof MESSAGE_CONTENT)[T]> } };
/** A message's type with the content that belongs to it. */
export type MessageBody = Body[MessageType];
