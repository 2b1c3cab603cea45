import * as z from 'zod';
import { ID_PATTERN } from '../../ids.ts';
import { Person } from '../person.ts';

// What the events' payloads have in common: contract §6. The API document and the catalogue of events are made from
// these schemas, hence the descriptions; the functions that make events are typed by them and do not parse with them.

export const optionalText = (description: string) => z.string().nullable().describe(description);

export const PersonRef = Person.pick({ phone: true, user_id: true });

export const BusinessNumber = z.strictObject({
  phone_number_id: z.string().describe("Meta's id of the business number."),
  waba_id: z.string().nullable().describe('The WhatsApp Business account of the number.'),
});

export const Account = z.strictObject({
  phone_number_id: optionalText("Meta's id of the business number, where only one is concerned."),
  waba_id: optionalText('The WhatsApp Business account.'),
});

export const messageId = z.string().regex(ID_PATTERN.message).describe('Our id of the message.');
export const waMessageId = z.string().describe("Meta's id of the message (wamid).");
export const time = z.iso.datetime();

/** Another message this one is about. */
export const MessageRef = z.strictObject({
  wa_message_id: waMessageId,
  message_id: messageId.nullable().describe('Our id of that message; null when we do not have it.'),
});

export const EventError = z.strictObject({
  code: z.number().describe("Meta's error code."),
  title: optionalText("Meta's title."),
  message: optionalText("Meta's message."),
  details: optionalText("Meta's reason."),
  retryable: z.boolean().describe('Whether the same request may work later.'),
});

export const Referral = z
  .strictObject({
    source_type: optionalText('`ad` or `post`.'),
    source_id: optionalText('The ad or post.'),
    source_url: optionalText('Its address.'),
    headline: optionalText('Its headline.'),
    body: optionalText('Its text.'),
    media_type: optionalText('`image` or `video`.'),
    media_url: optionalText('Its picture or video.'),
    thumbnail_url: optionalText('The picture of a video.'),
    click_id: optionalText("Meta's click id (`ctwa_clid`)."),
    welcome_text: optionalText('The greeting the person saw.'),
  })
  .describe('The ad or post that brought the person.');
