import type { IncomingMessage } from 'node:http';
import * as z from 'zod';
import type { Account } from '../accounts.ts';
import { json, parseJson, type Reply } from '../http.ts';
import { Behavior, WindowCheck } from '../messages/behavior.ts';
import { OUTCOME_BY_SUFFIX, OUTCOME_NAMES } from '../outcomes.ts';
import { randomTraceId } from '../random-ids.ts';
import { postWebhook, verifyCallback } from '../webhooks/post.ts';
import { Call, callValue } from './call.ts';
import { Inbound } from './inbound.ts';
import { inboundSenders } from './raw-webhook.ts';
import type { Simulation } from './simulation.ts';

const Status = z.strictObject({
  wamid: z.string(),
  status: z.string(),
  errors: z.array(z.unknown()).optional(),
  delay_seconds: z.number().min(0).default(0),
});

const TemplateStatus = z.strictObject({
  name: z.string(),
  language: z.string().default('en_US'),
  /** Such as APPROVED, REJECTED, PAUSED, DISABLED, REINSTATED. */
  event: z.string(),
  reason: z.string().default('NONE'),
  other_info: z.unknown().optional(),
  disable_info: z.unknown().optional(),
  rejection_info: z.unknown().optional(),
});

const Settings = z.strictObject({ service_window: WindowCheck });
const NewAccount = z.strictObject({
  verified_name: z.string().default('Another Business'),
  /** Without templates and not subscribed: a customer whom nobody connected yet. */
  is_bare: z.boolean().default(false),
});

/** What is not given is as with the account's own token: everything, for ever. */
const NewToken = z.strictObject({
  waba_id: z.string().optional(),
  expires_in_seconds: z.number().optional(),
  scopes: z.array(z.string()).optional(),
  /** WABAs it is good for. */
  target_ids: z.array(z.string()).optional(),
  type: z.enum(['SYSTEM_USER', 'USER', 'PAGE']).optional(),
  is_of_other_app: z.boolean().optional(),
});
const KnownToken = z.strictObject({ access_token: z.string() });

type Request = { message: IncomingMessage; url: URL; raw: Buffer };
type Handler = (request: Request) => Reply | Promise<Reply>;

/** Everything under `/_…`: what Meta does by itself in real life, and what only a simulator can tell. */
export function adminRouter(simulation: Simulation) {
  const { accounts, app, behavior, clock, dispatcher, log, messages, outbox, settings, statuses, templates, tokens } =
    simulation;

  const body = <Schema extends z.ZodType>(schema: Schema, { raw }: Request): z.output<Schema> =>
    schema.parse(raw.length === 0 ? {} : parseJson(raw.toString('utf8')));

  function accountOf(phoneNumberId: string | undefined): Account {
    const account = phoneNumberId === undefined ? accounts.first() : accounts.byPhoneNumberId(phoneNumberId);
    if (account === undefined) throw new AdminError(404, 'no such phone_number_id');
    return account;
  }

  function queueMessages(field: string, account: Account, value: unknown): void {
    if (!account.isSubscribed) throw new AdminError(409, 'the app is not subscribed to this WABA (subscribed_apps)');
    const now = clock.now();
    outbox.queue({ field, entryId: account.wabaId, value, dueAt: now, overrideUrl: account.overrideUrl }, now);
    dispatcher.wake();
  }

  const webhookUrl = (): string => {
    const url = z.string().optional().parse(settings.read('webhook-url'));
    if (url === undefined) throw new AdminError(409, 'no webhook URL is set yet');
    return url;
  };

  const handlers: Record<string, Handler> = {
    'GET /_health': () => json(200, { status: 'ok', virtual_time: new Date(clock.now()).toISOString() }),
    'GET /_outcomes': () => json(200, { by_suffix: OUTCOME_BY_SUFFIX, names: OUTCOME_NAMES }),
    'GET /_requests': () => json(200, log.list()),
    'DELETE /_requests': () => {
      log.clear();
      return json(200, { success: true });
    },
    'GET /_sent': () => json(200, messages.listSent().map(sentEntry)),
    'GET /_webhooks': ({ url }) => json(200, outbox.list(Number(url.searchParams.get('limit') ?? 1000))),
    'GET /_behavior': () => json(200, behavior.current() ?? { outcome: null }),
    'PUT /_behavior': (request) => {
      const wish = body(Behavior, request);
      behavior.set(wish);
      return json(200, wish);
    },
    'DELETE /_behavior': () => {
      behavior.reset();
      return json(200, { success: true });
    },
    'PUT /_settings': (request) => {
      const wish = body(Settings, request);
      behavior.setWindowCheck(wish.service_window);
      return json(200, wish);
    },
    'GET /_accounts': () => json(200, accounts.list().map(accountEntry)),
    'POST /_accounts': (request) => {
      const { verified_name, is_bare } = body(NewAccount, request);
      return json(201, accountEntry(simulation.addAccount(verified_name, is_bare)));
    },
    'POST /_tokens': (request) => {
      const { waba_id, expires_in_seconds, target_ids, is_of_other_app, ...rest } = body(NewToken, request);
      const account = waba_id === undefined ? accounts.first() : accounts.byWabaId(waba_id);
      if (account === undefined) throw new AdminError(404, 'no such waba_id');
      const { text } = tokens.add(account, {
        ...rest,
        ...(expires_in_seconds === undefined ? {} : { expiresAt: clock.now() + expires_in_seconds * 1000 }),
        ...(target_ids === undefined ? {} : { targetIds: target_ids }),
        ...(is_of_other_app === undefined ? {} : { isOfOtherApp: is_of_other_app }),
      });
      return json(201, { access_token: text });
    },
    'DELETE /_tokens': (request) => {
      if (!tokens.revoke(body(KnownToken, request).access_token)) throw new AdminError(404, 'no such token');
      return json(200, { success: true });
    },

    'POST /_inbound': (request) => {
      const inbound = body(Inbound, request);
      if (inbound.from === undefined && inbound.bsuid === undefined)
        throw new AdminError(400, 'from or bsuid is required');
      const account = accountOf(inbound.phone_number_id);
      const { wamid, timestamp, at, userId, value } = simulation.buildInbound(account, inbound);
      if (inbound.type !== 'system') messages.openWindow(account.phoneNumberId, userId, at);
      queueMessages('messages', account, value);
      return json(202, { wamid, timestamp });
    },
    'POST /_call': (request) => {
      const call = body(Call, request);
      const account = accountOf(call.phone_number_id);
      const person = simulation.people.withPhone(call.from.replaceAll(/\D/g, ''), call.name);
      const { id, value } = callValue(account, person, call, clock.now());
      messages.openWindow(account.phoneNumberId, person.userId, clock.now());
      queueMessages('calls', account, value);
      return json(202, { call_id: id });
    },
    'POST /_status': (request) => {
      const { wamid, delay_seconds, ...news } = body(Status, request);
      const message = messages.byWamid(wamid);
      if (message === undefined) throw new AdminError(404, 'no such message');
      const at = clock.now() + delay_seconds * 1000;
      const account = accountOf(message.phoneNumberId);
      const { errors, status } = news;
      statuses.queue(
        account,
        message,
        { status, ...(errors === undefined ? {} : { errors }) },
        {
          at,
          dueAt: at,
          hasPricing: status === 'sent' || status === 'delivered',
        },
      );
      dispatcher.wake();
      return json(202, { success: true });
    },
    'POST /_template_status': (request) => {
      const { name, language, event, reason, ...extra } = body(TemplateStatus, request);
      const stored = accounts.list().flatMap(({ wabaId }) => templates.byName(wabaId, name, language) ?? [])[0];
      if (stored === undefined) throw new AdminError(404, 'no such template');
      return json(200, simulation.reviews.change(stored.template.id, event, { reason, extra }));
    },
    'POST /_webhook': async ({ message, raw }) => {
      const now = clock.now();
      for (const { phoneNumberId, phone } of inboundSenders(raw)) {
        messages.openWindow(phoneNumberId, simulation.people.withPhone(phone).userId, now);
      }
      const isSignatureWrong = message.headers['x-sign'] === 'bad';
      const { error, ...answer } = await postWebhook(webhookUrl(), raw, { appSecret: app.secret, isSignatureWrong });
      outbox.logRaw(raw, { at: now, status: answer.status, ...(error === undefined ? {} : { error }) });
      return json(200, { ...answer, ...(error === undefined ? {} : { error }) });
    },
    'POST /_verify': async () => json(200, await verifyCallback(webhookUrl(), app.verifyToken, randomTraceId())),
  };

  return async (request: Request): Promise<Reply> => {
    const handler = handlers[`${request.message.method} ${request.url.pathname}`];
    if (handler === undefined) return json(404, { error: 'no such endpoint', endpoints: Object.keys(handlers) });
    try {
      return await handler(request);
    } catch (error) {
      if (error instanceof z.ZodError) return json(400, { error: z.prettifyError(error) });
      if (error instanceof AdminError) return json(error.status, { error: error.message });
      throw error;
    }
  };

  function sentEntry(message: ReturnType<typeof messages.listSent>[number]) {
    return {
      wamid: message.wamid,
      at: new Date(message.acceptedAt).toISOString(),
      phone_number_id: message.phoneNumberId,
      to: message.waId,
      user_id: message.userId,
      type: message.type,
      content: z.looseObject({}).parse(message.body)[message.type],
      biz_opaque_callback_data: message.callbackData,
      outcome: message.outcome,
    };
  }
}

class AdminError extends Error {
  override readonly name = 'AdminError';
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

function accountEntry(account: Account) {
  return {
    waba_id: account.wabaId,
    phone_number_id: account.phoneNumberId,
    display_phone_number: account.displayPhoneNumber,
    verified_name: account.verifiedName,
    access_token: account.accessToken,
    is_subscribed: account.isSubscribed,
  };
}
