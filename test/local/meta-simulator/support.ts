import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { DatabaseSync } from 'node:sqlite';
import { type MetaSimulator, startMetaSimulator } from '../../../local/meta-simulator/server.ts';

export const GRAPH_VERSION = 'v26.0';
export const START = Date.parse('2026-11-22T10:00:00.000Z');

/** Time that moves only when told; timers fire in the order they are due. */
export function manualClock(start = START) {
  let time = start;
  const timers = new Set<{ due: number; callback: () => void }>();
  return {
    now: () => time,
    setTimeout(callback: () => void, delayMs: number): () => void {
      const timer = { due: time + delayMs, callback };
      timers.add(timer);
      return () => void timers.delete(timer);
    },
    advance(ms: number): void {
      const end = time + ms;
      for (;;) {
        const next = [...timers].filter(({ due }) => due <= end).sort((a, b) => a.due - b.due)[0];
        if (next === undefined) break;
        timers.delete(next);
        time = Math.max(time, next.due);
        next.callback();
      }
      time = end;
    },
  };
}

export type ManualClock = ReturnType<typeof manualClock>;

export type Hooked = { url: string; headers: IncomingHttpHeaders; raw: string; body: HookBody };
export type HookBody = {
  object: string;
  entry: { id: string; time?: number; changes: { field: string; value: HookValue }[] }[];
};
export type HookValue = Record<string, unknown> & {
  statuses?: Record<string, unknown>[];
  messages?: Record<string, unknown>[];
  contacts?: Record<string, unknown>[];
};

/** Our side of Meta's webhooks. `answerWith` decides the status of each. */
export async function startHook() {
  const received: Hooked[] = [];
  let status: (nth: number) => number = () => 200;
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const url = new URL(request.url ?? '/', 'http://hook');
      if (request.method === 'GET') {
        const isOurs = url.searchParams.get('hub.verify_token') !== 'wrong';
        return void response.writeHead(isOurs ? 200 : 403).end(url.searchParams.get('hub.challenge'));
      }
      const raw = Buffer.concat(chunks).toString('utf8');
      received.push({
        url: request.url ?? '',
        headers: request.headers,
        raw,
        body: raw.startsWith('{') ? JSON.parse(raw) : { object: raw, entry: [] },
      });
      response.writeHead(status(received.length)).end('thanks');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/webhook`,
    received,
    values: (): HookValue[] => received.flatMap(({ body }) => body.entry.map((entry) => entry.changes[0]?.value ?? {})),
    statuses: () =>
      received.flatMap(({ body }) => body.entry.flatMap((entry) => entry.changes[0]?.value.statuses ?? [])),
    /** @param decide from the running number of the webhook, counted from 1 */
    answerWith(decide: (nth: number) => number): void {
      status = decide;
    },
    stop: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** A simulator with its clock and our webhook, and short ways to call it. */
export async function startSimulation(options: { database?: DatabaseSync; clock?: ManualClock } = {}) {
  const clock = options.clock ?? manualClock();
  const database = options.database ?? new DatabaseSync(':memory:');
  const meta = await startMetaSimulator({ port: 0, clock, database, graphVersion: GRAPH_VERSION });
  const hook = await startHook();
  meta.setWebhookUrl(hook.url);
  return { clock, database, meta, hook, ...callsTo(meta), stop: () => Promise.all([meta.stop(), hook.stop()]) };
}

export type Simulation = Awaited<ReturnType<typeof startSimulation>>;

/** What tests read of Graph's answers; which part is there, the assertions say. */
export type GraphBody = {
  id: string;
  url: string;
  success: boolean;
  status: string;
  error: { code: number; error_subcode?: number; error_data: { details: string } };
  contacts: object[];
  messages: { id: string; message_status: string }[];
  data: Record<string, unknown>[];
  paging: { next?: string; cursors: { after: string } };
};

export type Answer<Body = GraphBody> = { status: number; body: Body; headers: Headers };

export function callsTo(meta: MetaSimulator) {
  async function call<Body = GraphBody>(
    method: string,
    path: string,
    body?: unknown,
    token: string | null = meta.accessToken,
  ): Promise<Answer<Body>> {
    const answer = await fetch(meta.url + path, {
      method,
      headers: {
        ...(token === null ? {} : { authorization: `Bearer ${token}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await answer.text();
    return { status: answer.status, body: text === '' ? null : JSON.parse(text), headers: answer.headers };
  }
  return {
    call,
    /** A Graph call; the path is without the version. */
    graph: (method: string, path: string, body?: unknown, token?: string | null) =>
      call(method, `/${GRAPH_VERSION}/${path}`, body, token),
    send: (body: unknown, token?: string | null) =>
      call('POST', `/${GRAPH_VERSION}/${meta.phoneNumberId}/messages`, body, token),
  };
}

/** Waits, without sleeping, until the outside world got somewhere. */
export async function eventually<T>(probe: () => T | Promise<T>, isDone: (value: T) => boolean): Promise<T> {
  for (let turn = 0; turn < 20_000; turn += 1) {
    const value = await probe();
    if (isDone(value)) return value;
    await new Promise((resolve) => setImmediate(resolve));
  }
  throw new Error('it never happened');
}

export const text = (to: string, extra: object = {}) => ({
  messaging_product: 'whatsapp',
  recipient_type: 'individual',
  to,
  type: 'text',
  text: { body: 'hi' },
  ...extra,
});

export const otp = (to: string, extra: object = {}, code = '482913', copied = code) => ({
  messaging_product: 'whatsapp',
  to,
  type: 'template',
  template: {
    name: 'signup_otp',
    language: { code: 'en_US' },
    components: [
      { type: 'body', parameters: [{ type: 'text', text: code }] },
      { type: 'button', sub_type: 'url', index: '0', parameters: [{ type: 'text', text: copied }] },
    ],
  },
  ...extra,
});

/** @param parts components; the defaults fit `order_update` */
export const orderUpdate = (
  parts: object[] = [
    {
      type: 'body',
      parameters: [
        { type: 'text', text: 'Ada' },
        { type: 'text', text: 'A-42' },
      ],
    },
    { type: 'button', sub_type: 'url', index: 0, parameters: [{ type: 'text', text: 'A-42' }] },
  ],
  name = 'order_update',
  language = 'en_US',
) => ({
  messaging_product: 'whatsapp',
  to: '+15550109999',
  type: 'template',
  template: { name, language: { code: language }, components: parts },
});
