import * as z from 'zod';
import { ACCOUNT_CHANGES } from '../account-changes.ts';
import { Person } from '../person.ts';
import { Account, BusinessNumber, EventError, optionalText, PersonRef, time } from './parts.ts';

const template = {
  waba_id: z.string(),
  template_id: optionalText("Meta's id of this language version; a string, for it exceeds 2^53."),
  name: z.string(),
  language: z.string().describe('With an underscore, as in `en_US`.'),
};

export const TemplateStatusChanged = z
  .strictObject({
    ...template,
    status: z.string().describe('e.g. `APPROVED`, `REJECTED`, `PAUSED`, `DISABLED`, `FLAGGED`.'),
    previous_status: optionalText('What it was before, where we knew it.'),
    reason: optionalText("Meta's reason, e.g. `INVALID_FORMAT`."),
    rejection: z.strictObject({ reason: z.string().nullable(), recommendation: z.string().nullable() }).nullable(),
    disabled_at: time.nullable(),
    note: z.strictObject({ title: z.string().nullable(), description: z.string().nullable() }).nullable(),
  })
  .describe('A template was approved, rejected, paused, disabled …');

export const TemplateCategoryChanged = z
  .strictObject({
    ...template,
    category: optionalText('The category it has now.'),
    previous_category: z.string().nullable(),
    upcoming_category: optionalText('The category it will have from `effective_at` on.'),
    effective_at: time.nullable(),
  })
  .describe('Meta moved a template to another category, or says that it will.');

export const TemplateQualityChanged = z
  .strictObject({
    ...template,
    quality: z.string().describe('`GREEN`, `YELLOW`, `RED` or `UNKNOWN`.'),
    previous_quality: z.string().nullable(),
  })
  .describe("People's reactions to a template changed its quality.");

export const TemplateComponentsChanged = z
  .strictObject({
    ...template,
    header: z.string().nullable(),
    body: z.string().nullable(),
    footer: z.string().nullable(),
    buttons: z.array(
      z.strictObject({
        type: z.string().nullable(),
        text: z.string().nullable(),
        url: z.string().nullable(),
        phone_number: z.string().nullable(),
      }),
    ),
  })
  .describe('The text or the buttons of a template were edited.');

const call = {
  call_id: z.string(),
  direction: z.enum(['inbound', 'outbound']).describe('`inbound`: the person called.'),
  from: Person,
  to: BusinessNumber,
  at: time,
};
export const CallReceived = z
  .strictObject({
    ...call,
    deeplink_payload: optionalText('What you put into the call link.'),
    button_payload: optionalText('What you put into the call button.'),
  })
  .describe('A person calls your number.');
export const CallStatusChanged = z
  .strictObject({ ...call, status: z.enum(['ringing', 'accepted', 'rejected', 'connected']) })
  .describe('A call from your number rings, was accepted or rejected, or is connected. `from` is the person called.');
export const CallEnded = z
  .strictObject({
    ...call,
    status: z.enum(['completed', 'failed', 'unknown']),
    started_at: time.nullable().describe('null when nobody picked up.'),
    ended_at: time.nullable(),
    duration_seconds: z.number().nullable(),
    errors: z.array(EventError),
  })
  .describe('A call ended.');

export const ContactPreferenceChanged = z
  .strictObject({
    contact: Person,
    to: Account,
    category: z.string().describe('`marketing_messages`.'),
    value: z.string().describe('`stop`: send no more of them. `resume`, `signup`: you may again.'),
    detail: z.string().nullable(),
  })
  .describe('A person opted out of your marketing messages, or back in.');

export const ContactIdChanged = z
  .strictObject({
    contact: Person,
    to: Account,
    change: z.enum(['number_changed', 'user_id_changed']),
    previous: PersonRef,
    current: PersonRef,
    detail: z.string().nullable(),
  })
  .describe('A person has another phone number, or WhatsApp gave them another id for your business.');

/** What an account event tells beyond its name; which of them are there depends on `change`. */
const details = z
  .strictObject({
    display_phone_number: z.string(),
    restrictions: z.array(z.strictObject({ type: z.string(), expires_at: time.nullable() })),
    ban_state: z.string(),
    ban_date: z.string(),
    violation_type: z.string(),
    disconnection_reason: z.string(),
    disconnected_by: z.string(),
    limit: z.string(),
    previous_limit: z.string(),
    max_daily_conversations: z.string(),
    max_phone_numbers: z.number(),
    max_phone_numbers_per_waba: z.number(),
    requested_name: z.string(),
    reason: z.string(),
    entity_type: z.string(),
    entity_id: z.string(),
    severity: z.string(),
    status: z.string(),
    description: z.string(),
    requester: z.string(),
    errors: z.array(EventError),
  })
  .partial();
export type AccountDetails = z.output<typeof details>;

export const AccountUpdated = z
  .strictObject({
    account: Account,
    change: z.enum(ACCOUNT_CHANGES),
    event: z.string().describe("Meta's name of what happened, e.g. `ACCOUNT_RESTRICTION`, `THROUGHPUT_UPGRADE`."),
    details,
  })
  .describe('Something about your WhatsApp Business account or number changed.');
