import { createServer, type IncomingMessage } from 'node:http';
import type { DatabaseSync } from 'node:sqlite';
import * as z from 'zod';
import type { Clock } from '../clock.ts';
import { accountStore, loadApp, peopleStore } from './accounts.ts';
import { inboundBuilder } from './admin/inbound.ts';
import { adminRouter } from './admin/router.ts';
import { prepareDatabase, settingsStore } from './database.ts';
import { accountEndpoints } from './graph/account-endpoints.ts';
import { graphRouter } from './graph/router.ts';
import { json, parseJson, type Reply, readBody, sendReply } from './http.ts';
import { mediaEndpoints } from './media/endpoints.ts';
import { mediaStore } from './media/store.ts';
import { behaviorStore } from './messages/behavior.ts';
import { sendEndpoint } from './messages/send.ts';
import { statusWebhooks } from './messages/statuses.ts';
import { messageStore } from './messages/store.ts';
import { requestLog } from './request-log.ts';
import { templateEndpoints } from './templates/endpoints.ts';
import { templateReviews } from './templates/reviews.ts';
import { seedTemplates } from './templates/seed.ts';
import type { GraphTemplate } from './templates/shape.ts';
import { templateStore } from './templates/store.ts';
import { tokenStore } from './tokens.ts';
import { webhookDispatcher } from './webhooks/dispatcher.ts';
import { webhookOutbox } from './webhooks/outbox.ts';

export type { GraphTemplate } from './templates/shape.ts';

export type MetaSimulatorOptions = {
  /** 0 takes any free port. */
  port: number;
  clock: Pick<Clock, 'now' | 'setTimeout'>;
  /** Tables are made when missing; they start with `meta_`. */
  database: DatabaseSync;
  /** Such as `v26.0`; other versions are refused. */
  graphVersion: string;
};

export type MetaSimulator = {
  /** Base of the Graph API without the version: `http://127.0.0.1:PORT`. */
  url: string;
  appId: string;
  appSecret: string;
  verifyToken: string;
  phoneNumberId: string;
  wabaId: string;
  /** Digits only. */
  displayPhoneNumber: string;
  accessToken: string;
  /** Templates of the seeded WABA as they were at start, all fields. */
  templates: GraphTemplate[];
  /** Where webhooks go. Kept over restarts; until it is set they wait. */
  setWebhookUrl(url: string): void;
  stop(): Promise<void>;
};

/** Meta's WhatsApp Cloud API on loopback, as strict as its documentation. The `/_…` endpoints are in `admin/router.ts`. */
export async function startMetaSimulator(options: MetaSimulatorOptions): Promise<MetaSimulator> {
  const { clock, database, graphVersion } = options;
  prepareDatabase(database);
  const settings = settingsStore(database);
  const app = loadApp(settings, clock.now());
  const accounts = accountStore(database);
  const templates = templateStore(database);
  const tokens = tokenStore({ database, accounts, app, now: () => clock.now() });
  const addAccount = (verifiedName: string, isBare = false) => {
    const account = accounts.add(verifiedName, clock.now(), !isBare);
    if (isBare) return account;
    for (const template of seedTemplates(clock.now())) templates.add(account.wabaId, template, null);
    return account;
  };
  const seeded = accounts.first() ?? addAccount('Border Cart');

  let url = '';
  const now = () => clock.now();
  const baseUrl = () => url;
  const people = peopleStore(database);
  const messages = messageStore(database);
  const media = mediaStore(database);
  const behavior = behaviorStore(settings);
  const log = requestLog(database);
  const outbox = webhookOutbox(database);
  let webhookUrl = z.string().nullable().default(null).parse(settings.read('webhook-url'));
  const dispatcher = webhookDispatcher({ outbox, clock, appSecret: app.secret, webhookUrl: () => webhookUrl });
  const statuses = statusWebhooks({ accounts, people, outbox, now });
  const reviews = templateReviews({ templates, accounts, outbox, dispatcher, clock });
  const mediaCalls = mediaEndpoints({ media, now, baseUrl, urlSecret: app.secret });
  const buildInbound = inboundBuilder({ people, media, mediaEndpoints: mediaCalls, now });

  const answerGraph = graphRouter({
    app,
    accounts,
    tokens,
    graphVersion,
    send: sendEndpoint({ people, templates, media, messages, statuses, behavior, dispatcher, now }),
    media: mediaCalls,
    templates: templateEndpoints({ templates, reviews, now, baseUrl }),
    account: accountEndpoints({ accounts, tokens, app }),
  });
  const answerAdmin = adminRouter({
    ...{ accounts, addAccount, app, behavior, buildInbound, clock, dispatcher, log },
    ...{ messages, outbox, people, reviews, settings, statuses, templates, tokens },
  });

  /** Logs a Graph call before and after it is answered. */
  async function graph(request: IncomingMessage, target: URL, raw: Buffer): Promise<Reply> {
    const { method = 'GET', headers } = request;
    const id = log.note({
      at: now(),
      method,
      path: target.pathname + target.search,
      headers,
      body: loggable(request, raw),
    });
    const { reply, outcome } = await answerGraph(request, target, raw);
    log.answer(id, 'status' in reply ? reply.status : null, outcome);
    return reply;
  }

  async function answer(request: IncomingMessage): Promise<Reply> {
    const target = new URL(request.url ?? '/', url);
    const raw = await readBody(request);
    return target.pathname.startsWith('/_')
      ? answerAdmin({ message: request, url: target, raw })
      : graph(request, target, raw);
  }

  const server = createServer((request, response) => {
    answer(request).then(
      (reply) => sendReply(response, reply),
      (error: unknown) => {
        if (request.destroyed && !request.complete) return; // the caller hung up while sending
        console.error('meta-simulator: a handler failed', error);
        sendReply(response, json(500, { error: { message: String(error), type: 'simulator bug', code: 1 } }));
      },
    );
  });
  url = `http://127.0.0.1:${await listen(server, options.port)}`;
  // Longer than clients keep idle connections: one closed under a client looks to it like a send of unknown outcome.
  server.keepAliveTimeout = 65_000;
  dispatcher.wake(); // webhooks owed since before the last end

  return {
    url,
    appId: app.id,
    appSecret: app.secret,
    verifyToken: app.verifyToken,
    phoneNumberId: seeded.phoneNumberId,
    wabaId: seeded.wabaId,
    displayPhoneNumber: seeded.displayPhoneNumber,
    accessToken: seeded.accessToken,
    templates: templates.list(seeded.wabaId).map(({ template }) => template),
    setWebhookUrl(target: string): void {
      webhookUrl = target;
      settings.write('webhook-url', target);
      dispatcher.wake();
    },
    async stop(): Promise<void> {
      reviews.stop();
      await dispatcher.stop();
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections(); // also those that hang by request
      await closed;
    },
  };
}

function listen(server: ReturnType<typeof createServer>, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      const address = server.address();
      if (address === null || typeof address === 'string') reject(new Error('the server has no port'));
      else resolve(address.port);
    });
  });
}

/** JSON parsed; files only by their size, so that the log stays readable. */
function loggable(request: IncomingMessage, raw: Buffer): unknown {
  if (raw.length === 0) return null;
  const type = request.headers['content-type'] ?? '';
  if (type.startsWith('multipart/')) return `[${type.split(';')[0]}, ${raw.length} bytes]`;
  const text = raw.toString('utf8');
  return parseJson(text) ?? text;
}
