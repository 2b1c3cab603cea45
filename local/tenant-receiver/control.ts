import * as z from 'zod';
import type { Clock } from '../clock.ts';
import { Behavior, type behaviorStore } from './behavior.ts';
import { receivedPage } from './page.ts';
import type { ReceiverStore } from './store.ts';

const PAGE_LENGTH = 100;

const Filter = z.strictObject({
  event_type: z.string().optional(),
  event_id: z.string().optional(),
  path: z.string().optional(),
  /** Only what came after this `id`, for callers that poll. */
  after_id: z.coerce.number().int().min(0).optional(),
  limit: z.coerce.number().int().min(1).optional(),
});

const Secrets = z.strictObject({
  /** One, or several while rotating: any of them may have signed. */
  secrets: z.array(z.string().min(1)).max(5),
  /** Only for endpoints at this path. */
  path: z.string().startsWith('/').optional(),
});

export type ControlReply = { status: number; contentType: string; body: string };

type Deps = {
  store: ReceiverStore;
  behavior: ReturnType<typeof behaviorStore>;
  clock: Pick<Clock, 'now'>;
  setSecrets: (secrets: readonly string[], path?: string) => void;
};

/** The page for people and the `/_…` endpoints for tests and drills. */
export function controlEndpoints({ store, behavior, clock, setSecrets }: Deps) {
  const handlers: Record<string, (target: URL, body: Buffer) => ControlReply> = {
    'GET /': () => ({
      status: 200,
      contentType: 'text/html; charset=utf-8',
      body: receivedPage(store.newest(PAGE_LENGTH), store.summary()),
    }),
    'GET /_health': () => json(200, { status: 'ok', virtual_time: new Date(clock.now()).toISOString() }),
    'GET /_received': (target) => json(200, store.list(Filter.parse(Object.fromEntries(target.searchParams)))),
    'GET /_summary': () => json(200, store.summary()),
    'DELETE /_received': () => {
      store.clear();
      return json(200, { success: true });
    },
    'GET /_behavior': (target) => json(200, behavior.current(target.searchParams.get('path') ?? undefined)),
    'PUT /_behavior': (_target, body) => {
      const wish = Behavior.parse(parse(body));
      behavior.set(wish);
      return json(200, wish);
    },
    'DELETE /_behavior': () => {
      behavior.reset();
      return json(200, { mode: 'ok' });
    },
    'PUT /_secrets': (_target, body) => {
      const wish = Secrets.parse(parse(body));
      setSecrets(wish.secrets, wish.path);
      return json(200, { success: true });
    },
  };

  return (method: string, target: URL, body: Buffer): ControlReply => {
    const handler = handlers[`${method} ${target.pathname}`];
    if (handler === undefined) return json(404, { error: 'no such endpoint', endpoints: Object.keys(handlers) });
    try {
      return handler(target, body);
    } catch (error) {
      if (error instanceof z.ZodError) return json(400, { error: z.prettifyError(error) });
      throw error;
    }
  };
}

function json(status: number, body: unknown): ControlReply {
  return { status, contentType: 'application/json; charset=utf-8', body: JSON.stringify(body) };
}

/** @returns undefined, which no schema takes, for what is not JSON */
function parse(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return undefined;
  }
}
