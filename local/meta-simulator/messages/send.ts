import * as z from 'zod';
import type { PeopleStore } from '../accounts.ts';
import type { GraphCall } from '../graph/call.ts';
import { GraphError } from '../graph/error.ts';
import { json, type Reply } from '../http.ts';
import type { MediaStore } from '../media/store.ts';
import type { Outcome, StatusStep } from '../outcomes.ts';
import { randomWamid } from '../random-ids.ts';
import type { TemplateStore } from '../templates/store.ts';
import type { WebhookDispatcher } from '../webhooks/dispatcher.ts';
import type { BehaviorStore, ChosenOutcome } from './behavior.ts';
import { checkMediaIds } from './media-ids.ts';
import { type Recipient, resolveRecipient } from './recipients.ts';
import { ReadReceipt } from './schema.ts';
import type { StatusWebhooks } from './statuses.ts';
import type { MessageStore } from './store.ts';
import { checkTemplateSend } from './template-check.ts';
import { TemplateContent } from './template-schema.ts';
import { parseStrictly, type ValidMessage, validateMessage } from './validate.ts';

type Deps = {
  people: PeopleStore;
  templates: TemplateStore;
  media: MediaStore;
  messages: MessageStore;
  statuses: StatusWebhooks;
  behavior: BehaviorStore;
  dispatcher: WebhookDispatcher;
  now: () => number;
};

/** A reply and what the log says was done. */
export type SendResult = { reply: Reply; outcome: string | null };

const AnyBody = z.record(z.string(), z.unknown());
const TemplateBody = z.object({ template: TemplateContent });

const WINDOW_CLOSED: readonly StatusStep[] = [{ status: 'failed', afterMs: 300, code: 131047 }];

/** `POST /{phone_number_id}/messages`: check everything Meta checks, then do what the outcome says. */
export function sendEndpoint(deps: Deps) {
  return (call: GraphCall): SendResult => {
    const body = AnyBody.safeParse(call.body);
    if (!body.success) throw new GraphError(100, { message: 'The parameter messaging_product is required.' });
    if ('status' in body.data) {
      parseStrictly(ReadReceipt, body.data);
      return { reply: json(200, { success: true }), outcome: null };
    }
    const message = validateMessage(body.data);
    const recipient = resolveRecipient(message.envelope, deps.people);
    if (recipient.person.phone === call.account.displayPhoneNumber) throw new GraphError(131021);
    const category = categoryOf(message, recipient, call);
    checkMediaIds(message, call.account, deps.media, deps.now());

    const chosen = deps.behavior.next(recipient.person.phone);
    if (chosen.outcome.kind === 'refuse') throw new RefusedByOutcome(chosen.outcome.code, chosen.name);
    const outcome = withWindowCheck(chosen.outcome, message, recipient, call);
    const wamid = take(call, message, recipient, { category, name: chosen.name, outcome });
    return { reply: answer(wamid, recipient, outcome, chosen), outcome: chosen.name };
  };

  function categoryOf(message: ValidMessage, recipient: Recipient, call: GraphCall): string {
    if (message.type !== 'template') return 'service';
    const { template: content } = TemplateBody.parse(call.body);
    const stored = deps.templates.byName(call.account.wabaId, content.name, content.language.code);
    const template = checkTemplateSend(content, stored?.template);
    if (template.category === 'AUTHENTICATION' && recipient.isByUserId) throw new GraphError(131062);
    return template.category.toLowerCase();
  }

  /** Free-form messages need a message of the person in the last 24 hours; templates do not. */
  function withWindowCheck(
    outcome: Extract<Outcome, { kind: 'take' }>,
    message: ValidMessage,
    { person }: Recipient,
    call: GraphCall,
  ): Extract<Outcome, { kind: 'take' }> {
    const check = deps.behavior.windowCheck();
    if (message.type === 'template' || check === 'off') return withoutExtraStatuses(outcome, message);
    if (deps.messages.isWindowOpen(call.account.phoneNumberId, person.userId, deps.now())) {
      return withoutExtraStatuses(outcome, message);
    }
    if (check === 'sync') throw new GraphError(131047);
    return { ...outcome, isSent: false, statuses: outcome.isSent ? WINDOW_CLOSED : outcome.statuses };
  }

  function take(
    call: GraphCall,
    { envelope, type }: ValidMessage,
    { person }: Recipient,
    { category, name, outcome }: { category: string; name: string; outcome: Extract<Outcome, { kind: 'take' }> },
  ): string {
    const message = {
      wamid: randomWamid(person.phone ?? person.userId, 'outbound'),
      phoneNumberId: call.account.phoneNumberId,
      waId: person.phone,
      userId: person.userId,
      type,
      body: call.body,
      callbackData: envelope.biz_opaque_callback_data ?? null,
      category,
      outcome: name,
      acceptedAt: deps.now(),
      isSent: outcome.isSent,
    };
    deps.messages.add(message);
    deps.statuses.queueAll(call.account, message, outcome.statuses);
    deps.dispatcher.wake();
    return message.wamid;
  }
}

/** A refusal the outcome table or `PUT /_behavior` asked for. */
export class RefusedByOutcome extends GraphError {
  readonly outcomeName: string;

  constructor(code: number, outcomeName: string) {
    super(code);
    this.outcomeName = outcomeName;
  }
}

/** A reaction never gets more than `sent` (meta-cloud-api §0.7). */
function withoutExtraStatuses(outcome: Extract<Outcome, { kind: 'take' }>, { type }: ValidMessage) {
  if (type !== 'reaction') return outcome;
  return { ...outcome, statuses: outcome.statuses.filter(({ status }) => status === 'sent' || status === 'failed') };
}

function answer(
  wamid: string,
  { person, input, isByUserId }: Recipient,
  outcome: Extract<Outcome, { kind: 'take' }>,
  { slowAnswerMs }: ChosenOutcome,
): Reply {
  switch (outcome.answer) {
    case 'hang':
      return { kind: 'hang' };
    case 'reset':
      return { kind: 'reset' };
    case 'garbage':
      return {
        kind: 'bytes',
        status: 200,
        contentType: 'application/json',
        body: Buffer.from('{"messaging_product":"wh'),
      };
    case 'html-502':
      return {
        kind: 'bytes',
        status: 502,
        contentType: 'text/html',
        body: Buffer.from('<html><h1>502 Bad Gateway</h1></html>'),
      };
    default: {
      const contact = isByUserId ? { input, user_id: person.userId } : { input, wa_id: person.phone };
      const body = {
        messaging_product: 'whatsapp',
        contacts: [contact],
        messages: [{ id: wamid, message_status: outcome.messageStatus }],
      };
      return { kind: 'json', status: 200, body, ...(outcome.answer === 'slow' ? { delayMs: slowAnswerMs } : {}) };
    }
  }
}
