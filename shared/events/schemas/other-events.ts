import * as z from 'zod';
import { orNull } from '../../http/page.ts';
import { ACCOUNT_CHANGES } from '../account-changes.ts';
import { Person } from '../person.ts';
import {
  Account,
  BusinessNumber,
  EventError,
  optionalNumber,
  optionalText,
  optionalTime,
  PersonRef,
  text,
  time,
} from './parts.ts';

const template = {
  waba_id: text('The WhatsApp Business account.', '102290129340398'),
  template_id: optionalText("Meta's id of this language version; a string, for it exceeds 2^53.", '1627019861106475'),
  name: text('Name of the template.', 'signup_otp'),
  language: text('With an underscore.', 'en_US'),
};

export const TemplateStatusChanged = z
  .strictObject({
    ...template,
    status: text('e.g. `APPROVED`, `REJECTED`, `PAUSED`, `DISABLED`, `FLAGGED`.', 'REJECTED'),
    previous_status: optionalText('What it was before, where we knew it.', 'PENDING'),
    reason: optionalText("Meta's reason.", 'INVALID_FORMAT'),
    rejection: orNull(
      z
        .strictObject({
          reason: optionalText('Why, in a sentence.', 'A variable stands at the end.'),
          recommendation: optionalText('What Meta advises.', 'Add text after the variable.'),
        })
        .meta({ id: 'EventTemplateRejection', description: 'Why it was rejected.' }),
    ),
    disabled_at: optionalTime('When it will be disabled, or was.'),
    note: orNull(
      z
        .strictObject({
          title: optionalText('e.g. `FIRST_PAUSE`.', 'FIRST_PAUSE'),
          description: optionalText('In a sentence.', 'Your template has been paused for 3 hours.'),
        })
        .meta({ id: 'EventTemplateNote', description: 'What Meta adds.' }),
    ),
  })
  .describe('A template was approved, rejected, paused, disabled …');

export const TemplateCategoryChanged = z
  .strictObject({
    ...template,
    category: optionalText('The category it has now.', 'UTILITY'),
    previous_category: optionalText('The category it had.', null),
    upcoming_category: optionalText('The category it will have from `effective_at` on.', 'MARKETING'),
    effective_at: optionalTime('When it changes.', '2026-12-01T00:00:00.000Z'),
  })
  .describe('Meta moved a template to another category, or says that it will.');

export const TemplateQualityChanged = z
  .strictObject({
    ...template,
    quality: text('`GREEN`, `YELLOW`, `RED` or `UNKNOWN`.', 'YELLOW'),
    previous_quality: optionalText('What it was before.', 'GREEN'),
  })
  .describe("People's reactions to a template changed its quality.");

export const TemplateComponentsChanged = z
  .strictObject({
    ...template,
    header: optionalText('Its header now.', null),
    body: optionalText('Its body now.', 'Hi {{1}}, your order {{2}} is on its way.'),
    footer: optionalText('Its footer now.', null),
    buttons: z
      .array(
        z.strictObject({
          type: optionalText('Type of the button.', 'URL'),
          text: optionalText('What it says.', 'Track'),
          url: optionalText('Where it leads.', 'https://shop.example/track/{{1}}'),
          phone_number: optionalText('Whom it calls.', null),
        }),
      )
      .meta({ description: 'Its buttons now.' }),
  })
  .describe('The text or the buttons of a template were edited.');

const call = {
  call_id: text("Meta's id of the call.", 'wacid.HBgLMTU1NTAxMDk5OTkVAgASGBI'),
  direction: z.enum(['inbound', 'outbound']).meta({ description: '`inbound`: the person called.', example: 'inbound' }),
  from: Person,
  to: BusinessNumber,
  at: time('When.'),
};
export const CallReceived = z
  .strictObject({
    ...call,
    deeplink_payload: optionalText('What you put into the call link.', 'campaign-7'),
    button_payload: optionalText('What you put into the call button.', null),
  })
  .describe('A person calls your number.');
export const CallStatusChanged = z
  .strictObject({
    ...call,
    status: z
      .enum(['ringing', 'accepted', 'rejected', 'connected'])
      .meta({ description: 'What became of it.', example: 'ringing' }),
  })
  .describe('A call from your number rings, was accepted or rejected, or is connected. `from` is the person called.');
export const CallEnded = z
  .strictObject({
    ...call,
    status: z
      .enum(['completed', 'failed', 'unknown'])
      .meta({ description: 'Whether it came about.', example: 'completed' }),
    started_at: optionalTime('null when nobody picked up.', '2026-11-22T10:30:05.000Z'),
    ended_at: optionalTime('When it ended.', '2026-11-22T10:31:04.000Z'),
    duration_seconds: optionalNumber('How long they spoke.', 59),
    errors: z.array(EventError).meta({ description: 'Why it failed.' }),
  })
  .describe('A call ended.');

export const ContactPreferenceChanged = z
  .strictObject({
    contact: Person,
    to: Account,
    category: text('`marketing_messages`.', 'marketing_messages'),
    value: text('`stop`: send no more of them. `resume`, `signup`: you may again.', 'stop'),
    detail: optionalText("Meta's words.", 'User requested to stop marketing messages'),
  })
  .describe('A person opted out of your marketing messages, or back in.');

export const ContactIdChanged = z
  .strictObject({
    contact: Person,
    to: Account,
    change: z
      .enum(['number_changed', 'user_id_changed'])
      .meta({ description: 'Which of the two.', example: 'user_id_changed' }),
    previous: PersonRef,
    current: PersonRef,
    detail: optionalText("Meta's words.", 'Ada changed their phone number'),
  })
  .describe('A person has another phone number, or WhatsApp gave them another id for your business.');

/** What an account event tells beyond its name; which of them are there depends on `change`. */
const details = z
  .strictObject({
    display_phone_number: text('Your number.', '15550100001'),
    restrictions: z
      .array(
        z.strictObject({
          type: text('What you may not do.', 'RESTRICTED_BIZ_INITIATED_MESSAGING'),
          expires_at: optionalTime('Until when.', '2026-11-29T10:30:00.000Z'),
        }),
      )
      .meta({ description: 'What Meta keeps you from.' }),
    ban_state: text('State of a ban.', 'SCHEDULE_FOR_DISABLE'),
    ban_date: text('When it begins.', 'November 29, 2026'),
    violation_type: text('Which policy.', 'ALCOHOL'),
    disconnection_reason: text('Why the number was disconnected.', 'ACCOUNT_DISCONNECTED'),
    disconnected_by: text('By whom.', 'CLIENT'),
    limit: text('How many people you may write to first in a day.', 'TIER_10K'),
    previous_limit: text('How many it were.', 'TIER_1K'),
    max_daily_conversations: text('The same, as another field of Meta tells it.', 'TIER_10K'),
    max_phone_numbers: z.number().meta({ description: 'Numbers your business may have.', example: 20 }),
    max_phone_numbers_per_waba: z.number().meta({ description: 'Numbers an account may have.', example: 20 }),
    requested_name: text('The name you asked for.', 'Acme'),
    reason: text("Meta's reason.", 'NAME_INVALID'),
    entity_type: text('What an alert is about.', 'WABA'),
    entity_id: text('Its id.', '102290129340398'),
    severity: text('How bad it is.', 'CRITICAL'),
    status: text('State of the alert.', 'ACTIVE'),
    description: text('In a sentence.', 'The request was rejected.'),
    requester: text('Who asked for it.', '100000000000009'),
    token_set_at: optionalTime('When the access token was given to us.', '2026-09-22T10:30:00.000Z'),
    token_expires_at: optionalTime('When it ends, or ended.', '2026-11-29T10:30:00.000Z'),
    errors: z.array(EventError).meta({ description: 'What Meta says is wrong.' }),
  })
  .partial()
  .meta({ id: 'EventAccountDetails', description: 'Which of them are there depends on `change`.' });
export type AccountDetails = z.output<typeof details>;

export const AccountUpdated = z
  .strictObject({
    account: Account,
    change: z.enum(ACCOUNT_CHANGES).meta({ description: 'What it is about.', example: 'phone_number_quality' }),
    event: text("Meta's name of what happened.", 'THROUGHPUT_UPGRADE'),
    details,
  })
  .describe('Something about your WhatsApp Business account or number changed.');

const ofEndpoint = { connection_id: text('The connection of the endpoint.', 'con_01KB2M5ZC0N7Q1V9T3X5Y7Z9A1') };

export const WebhookTest = z
  .strictObject({ ...ofEndpoint, message: text('For you.', 'Your endpoint works when you can read this.') })
  .describe('You asked for it.');
export const EndpointDisabled = z
  .strictObject({
    ...ofEndpoint,
    reason: text('`gone`: it answered 410. `failing`: nothing got through for days.', 'failing'),
  })
  .describe('We stopped sending to your endpoint.');
export const EndpointRecovered = z
  .strictObject({ ...ofEndpoint, unavailable_since: time('When it was found broken.') })
  .describe('Your endpoint takes events again.');
