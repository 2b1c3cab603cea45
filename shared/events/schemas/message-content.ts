import * as z from 'zod';
import { ContactCard } from './contact-card.ts';
import { flag, MessageRef, optionalNumber, optionalText, optionalTime, PersonRef, text } from './parts.ts';

export const MediaFile = z
  .strictObject({
    id: text("Meta's id of the file.", '1003383421387256'),
    mime_type: optionalText('e.g. `audio/ogg; codecs=opus`.', 'image/jpeg'),
    sha256: optionalText('Hash of the file, base64.', 'SfInY0gGKTsJlUWbwxC1k+FAD0FZHvzwfpvO0zX0GUI='),
    size: z.number().optional().meta({ description: 'Bytes, where Meta tells.', example: 48_213 }),
    url: text(
      'Where to fetch the file with your API key: a path of this API.',
      '/api/v1/whatsapp/external/messages/msg_01KB2M5ZC0N7Q1V9T3X5Y7Z9A1/media',
    ),
  })
  .meta({ id: 'EventMediaFile', description: 'A file.' });

const caption = optionalText('The text under it.', 'Here it is');

const InteractiveContent = z
  .discriminatedUnion('kind', [
    z.strictObject({
      kind: z.literal('button'),
      id: text('The id you gave the button.', 'today'),
      title: optionalText('What the person saw on it.', 'Today'),
    }),
    z.strictObject({
      kind: z.literal('list'),
      id: text('The id you gave the row.', 'nine'),
      title: optionalText('What the person saw in it.', 'Nine'),
      description: optionalText('The small print of the row.', 'in the morning'),
    }),
    z.strictObject({
      kind: z.literal('flow'),
      name: optionalText('Name of the flow.', 'flow'),
      body: optionalText('What the person saw when it was sent.', 'Sent'),
      response: z
        .record(z.string(), z.unknown())
        .nullable()
        .meta({
          description: 'What the person entered; null when it is not a JSON object, and then see `response_json`.',
          example: { flow_token: 'signup-4711', city: 'Lisbon' },
        }),
      response_json: optionalText("The flow's answer as it came.", '{"flow_token":"signup-4711","city":"Lisbon"}'),
    }),
    z.strictObject({
      kind: z.literal('call_permission'),
      response: text('`accept` or `reject`.', 'accept'),
      is_permanent: z.boolean().nullable().meta({ description: 'Whether it is for good.', example: false }),
      expires_at: optionalTime('Until when you may call.', '2026-11-29T10:30:00.000Z'),
      source: optionalText('What made the person decide.', 'user_action'),
    }),
  ])
  .meta({ id: 'EventInteractiveContent', description: 'What the person chose or entered.' });

/** `content` for each `type` of a message. */
export const MESSAGE_CONTENT = {
  text: z.strictObject({ body: text('What the person wrote.', 'Hi there') }),
  image: z.strictObject({ media: MediaFile, caption }),
  video: z.strictObject({ media: MediaFile, caption }),
  audio: z.strictObject({ media: MediaFile }),
  voice: z.strictObject({ media: MediaFile }),
  document: z.strictObject({
    media: MediaFile,
    caption,
    filename: optionalText('Its name on the phone.', 'invoice.pdf'),
  }),
  sticker: z.strictObject({ media: MediaFile, animated: flag('Whether it moves.', false) }),
  location: z.strictObject({
    latitude: z.number().meta({ description: 'Degrees north.', example: 38.7223 }),
    longitude: z.number().meta({ description: 'Degrees east.', example: -9.1393 }),
    name: optionalText('Name of the place.', 'Praça do Comércio'),
    address: optionalText('Its address.', '1100-148 Lisboa'),
    url: optionalText('Its page.', null),
  }),
  contacts: z.strictObject({
    contacts: z.array(ContactCard).meta({ description: 'People somebody shared.' }),
  }),
  reaction: z.strictObject({
    emoji: optionalText('null when the reaction was taken back.', '👍'),
    target: MessageRef,
  }),
  button: z.strictObject({
    payload: optionalText(
      "The payload you gave the template's button; `DID_NOT_REQUEST_CODE` from the OTP template's.",
      'YES-42',
    ),
    text: optionalText('What the person saw on it.', 'Yes'),
  }),
  interactive: InteractiveContent,
  order: z.strictObject({
    catalog_id: optionalText('The catalogue.', '194836987003835'),
    text: optionalText('What the person wrote with it.', 'Please wrap it'),
    items: z
      .array(
        z.strictObject({
          product_retailer_id: text('Your id of the item.', 'sku-42'),
          quantity: optionalNumber('How many.', 2),
          item_price: optionalNumber('The price of one.', 9.99),
          currency: optionalText('ISO 4217.', 'EUR'),
        }),
      )
      .meta({ description: 'What the person orders.' }),
  }),
  system: z.strictObject({
    change: z.enum(['number_changed', 'user_id_changed', 'identity_changed', 'other']).meta({
      description: 'What happened; also told by `contact.id_changed`.',
      example: 'number_changed',
    }),
    body: optionalText("WhatsApp's sentence about it.", 'Ada changed their phone number'),
    previous: PersonRef,
    current: PersonRef,
  }),
  edit: z.strictObject({
    target: MessageRef,
    message: z
      .strictObject({
        type: text('Type of the message as it is now.', 'text'),
        content: z
          .record(z.string(), z.unknown())
          .meta({ description: 'Its content, as in `message.received`.', example: { body: 'Hi there!' } }),
      })
      .meta({ description: 'What became of it.' }),
  }),
  revoke: z.strictObject({ target: MessageRef }),
  request_welcome: z.strictObject({}).meta({ description: 'Nothing more is told.', example: {} }),
  unsupported: z.strictObject({
    type: optionalText("Meta's name for what the person sent.", 'poll'),
    reason: z.enum(['not_supported_by_whatsapp', 'unknown_type', 'unreadable', 'too_large']).meta({
      description: 'Why you do not see it; in the last three cases we keep what Meta sent for 30 days.',
      example: 'unknown_type',
    }),
  }),
} as const;
export type MessageType = keyof typeof MESSAGE_CONTENT;

type Body = { [T in MessageType]: { type: T; content: z.output<(typeof MESSAGE_CONTENT)[T]> } };
/** A message's type with the content that belongs to it. */
export type MessageBody = Body[MessageType];
