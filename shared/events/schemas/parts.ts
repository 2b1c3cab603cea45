import * as z from 'zod';
import { ID_PATTERN } from '../../ids.ts';
import { Person } from '../person.ts';

// What the events' payloads have in common: contract §6. The API document and the catalogue of events are made from
// these schemas, hence a description and an example of each field; the functions that make events are typed by them and
// do not parse with them.

export const text = (description: string, example: string) => z.string().meta({ description, example });
export const optionalText = (description: string, example: string | null) =>
  z.string().nullable().meta({ description, example });
export const optionalNumber = (description: string, example: number | null) =>
  z.number().nullable().meta({ description, example });
export const flag = (description: string, example: boolean) => z.boolean().meta({ description, example });
export const time = (description: string, example = '2026-11-22T10:30:00.000Z') =>
  z.iso.datetime().meta({ description, example });
export const optionalTime = (description: string, example: string | null = null) =>
  z.iso.datetime().nullable().meta({ description, example });

export const PersonRef = Person.pick({ phone: true, user_id: true }).meta({
  id: 'EventPersonRef',
  description: 'A person; one of the two is there.',
});

export const BusinessNumber = z
  .strictObject({
    phone_number_id: text("Meta's id of the business number.", '106540352242922'),
    waba_id: optionalText('The WhatsApp Business account of the number.', '102290129340398'),
  })
  .meta({ id: 'EventBusinessNumber', description: 'Your number.' });

export const Account = z
  .strictObject({
    phone_number_id: optionalText("Meta's id of the business number, where only one is concerned.", '106540352242922'),
    waba_id: optionalText('The WhatsApp Business account.', '102290129340398'),
  })
  .meta({ id: 'EventAccount', description: 'Your account, or a number of it.' });

const MESSAGE_ID = 'msg_01KB2M5ZC0N7Q1V9T3X5Y7Z9A1';
const WA_MESSAGE_ID = 'wamid.HBgLMTU1NTAxMDk5OTkVAgASGBI';
export const messageId = z
  .string()
  .regex(ID_PATTERN.message)
  .meta({ description: 'Our id of the message.', example: MESSAGE_ID });
export const waMessageId = text("Meta's id of the message (wamid).", WA_MESSAGE_ID);

/** Another message this one is about. */
export const MessageRef = z
  .strictObject({
    wa_message_id: waMessageId,
    message_id: z
      .string()
      .regex(ID_PATTERN.message)
      .nullable()
      .meta({ description: 'Our id of that message; null when we do not have it.', example: MESSAGE_ID }),
  })
  .meta({ id: 'EventMessageRef', description: 'Another message.' });

export const EventError = z
  .strictObject({
    code: z.number().meta({ description: "Meta's error code.", example: 131026 }),
    title: optionalText("Meta's title.", 'Message undeliverable'),
    message: optionalText("Meta's message.", 'Message undeliverable'),
    details: optionalText("Meta's reason.", 'Message Undeliverable.'),
    retryable: flag('Whether the same request may work later.', false),
  })
  .meta({ id: 'EventError', description: 'What Meta says is wrong.' });

export const Referral = z
  .strictObject({
    source_type: optionalText('`ad` or `post`.', 'ad'),
    source_id: optionalText('The ad or post.', '120226305854810726'),
    source_url: optionalText('Its address.', 'https://fb.me/3cr4Wqqkv'),
    headline: optionalText('Its headline.', 'Summer sale'),
    body: optionalText('Its text.', 'Everything must go.'),
    media_type: optionalText('`image` or `video`.', 'image'),
    media_url: optionalText('Its picture or video.', 'https://cdn.example/picture.jpg'),
    thumbnail_url: optionalText('The picture of a video.', null),
    click_id: optionalText("Meta's click id (`ctwa_clid`).", 'Aff-n8ZTODiE79d22KtAwQKj9e'),
    welcome_text: optionalText('The greeting the person saw.', 'Hi! How can we help?'),
  })
  .meta({ id: 'EventReferral', description: 'The ad or post that brought the person.' });
