import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { DatabaseSync } from 'node:sqlite';
import * as z from 'zod';
import type { Clock } from '../clock.ts';
import { behaviorStore } from './behavior.ts';
import { type ControlReply, controlEndpoints } from './control.ts';
import { verifyDelivery } from './signatures.ts';
import { receiverStore } from './store.ts';

export type TenantReceiverOptions = {
  /** 0 takes any free port. */
  port: number;
  clock: Pick<Clock, 'now'>;
  /** Tables are made when missing; they start with `receiver_`. */
  database: DatabaseSync;
};

export type TenantReceiver = {
  /** Where events are posted: `http://127.0.0.1:PORT/webhooks/quixess`. Other paths under `/webhooks/` work as well. */
  url: string;
  origin: string;
  /** The `whsec_…` secret as shown to the tenant. Kept over restarts. */
  setSecret(secret: string): void;
  stop(): Promise<void>;
};

/** Events are a few KB; what is larger than this is no event. */
const MAX_BODY_BYTES = 10 * 1024 * 1024;

/** A tenant's backend: takes events, verifies both signature schemes on its own, and misbehaves when told. */
export async function startTenantReceiver({ port, clock, database }: TenantReceiverOptions): Promise<TenantReceiver> {
  const store = receiverStore(database);
  let origin = '';
  const behavior = behaviorStore(store, () => origin);
  // In memory as well as on disk: asked for at each delivery.
  const secretsByPath = new Map<string, readonly string[]>();

  function secretsFor(path: string): readonly string[] {
    let secrets = secretsByPath.get(path);
    if (secrets === undefined) {
      const own = store.readSetting(`secrets:${path}`) ?? store.readSetting('secrets:');
      secrets = z.array(z.string()).default([]).parse(own);
      secretsByPath.set(path, secrets);
    }
    return secrets;
  }
  function setSecrets(secrets: readonly string[], path = ''): void {
    store.writeSetting(`secrets:${path}`, secrets);
    secretsByPath.clear();
  }

  const control = controlEndpoints({ store, behavior, clock, setSecrets });

  function deliver(request: IncomingMessage, response: ServerResponse, path: string, body: Buffer): void {
    const { headers } = request;
    const answer = behavior.next(path);
    const isAnsweredNow = answer.status !== null && answer.delayMs === 0;
    const receivedAt = clock.now();
    const text = (name: string) => (typeof headers[name] === 'string' ? headers[name] : null);
    const id = store.add({
      receivedAt,
      path,
      eventId: text('x-quixess-event-id') ?? text('webhook-id'),
      eventType: text('x-quixess-event-type'),
      answered: isAnsweredNow ? answer.status : null,
      verification: verifyDelivery(headers, body, secretsFor(path), receivedAt),
      headers,
      body,
    });
    if (answer.isReset) return void response.socket?.resetAndDestroy();
    const { status } = answer;
    if (status === null) return; // silent until the sender gives up
    const write = () => {
      if (response.destroyed) return;
      if (!isAnsweredNow) store.answer(id, status);
      response.writeHead(status, { ...answer.headers, 'content-type': 'text/plain; charset=utf-8' }).end(answer.body);
    };
    if (isAnsweredNow) write();
    else {
      const timer = setTimeout(write, answer.delayMs);
      response.once('close', () => clearTimeout(timer));
    }
  }

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const target = new URL(request.url ?? '/', origin);
    const body = await readBody(request);
    const isDelivery = target.pathname.startsWith('/webhooks/');
    if (isDelivery && request.method === 'POST') return deliver(request, response, target.pathname, body);
    const reply: ControlReply = isDelivery
      ? { status: 405, contentType: 'text/plain', body: 'POST only' }
      : control(request.method ?? 'GET', target, body);
    response
      .writeHead(reply.status, {
        'content-type': reply.contentType,
        // The page shows what strangers wrote; nothing in it may run or load.
        'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'",
      })
      .end(reply.body);
  }

  const server = createServer((request, response) => {
    handle(request, response).catch((error: unknown) => {
      if (request.destroyed && !request.complete) return; // the sender hung up half way
      console.error('tenant-receiver: a handler failed', error);
      if (!response.headersSent) response.writeHead(500).end(String(error));
    });
  });
  // Senders keep connections open between events; closing one under them would look like a failed attempt.
  server.keepAliveTimeout = 65_000;
  origin = `http://127.0.0.1:${await listen(server, port)}`;

  return {
    url: `${origin}/webhooks/quixess`,
    origin,
    setSecret: (secret) => setSecrets([secret]),
    async stop(): Promise<void> {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections(); // also those that hang by request
      await closed;
    },
  };
}

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    const bytes = Buffer.from(chunk);
    size += bytes.length;
    if (size > MAX_BODY_BYTES) throw new Error('the request body is too large');
    chunks.push(bytes);
  }
  return Buffer.concat(chunks);
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
