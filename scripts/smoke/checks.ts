import { randomUUID } from 'node:crypto';
import * as z from 'zod';

export type SmokeTarget = {
  /** With `/api`, without a slash at the end. */
  url: string;
  key: string;
  /** Whether sending reaches nobody: a sandbox key, or the local stack. */
  sends: boolean;
};

const EXTERNAL = '/v1/whatsapp/external';
/** Of the sandbox, and of the simulator: nobody's (docs/sandbox.md). */
const NOBODY = '+15550100000';
/** How long the status of a send may take to come back: Meta's way through two queues. */
const STATUS_MS = 30_000;

const Problem = z.looseObject({ code: z.string(), request_id: z.string() });
const List = z.looseObject({ data: z.array(z.unknown()), has_more: z.boolean() });

type Answer = { status: number; headers: Headers; body: unknown };

/** Checks that need no right but the key's. @returns how many failed */
export async function smoke({ url, key, sends }: SmokeTarget, say: (line: string) => void): Promise<number> {
  const call = async (method: string, path: string, options: { body?: unknown; headers?: object } = {}) => {
    const response = await fetch(`${url}${path}`, {
      method,
      headers: { 'X-API-Key': key, 'Content-Type': 'application/json', ...options.headers },
      ...(options.body === undefined ? {} : { body: JSON.stringify(options.body) }),
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, body: isJson(text) ? JSON.parse(text) : text };
  };
  let failures = 0;
  const check = async (what: string, run: () => Promise<void>): Promise<void> => {
    const began = performance.now();
    try {
      await run();
      say(`  ok    ${what} (${Math.round(performance.now() - began)} ms)`);
    } catch (error) {
      failures += 1;
      say(`  FAIL  ${what}: ${(error as Error).message}`);
    }
  };
  const refused = async (answer: Promise<Answer>, status: number, code: string): Promise<void> => {
    const { status: actual, body } = await answer;
    const problem = Problem.safeParse(body);
    require(`answers ${actual} ${problem.data?.code}, not ${status} ${code}`, actual === status &&
      problem.data?.code === code);
  };

  await check('the API document is served', async () => {
    const { body } = await call('GET', '/openapi.json');
    require('it is no OpenAPI document', z.looseObject({ openapi: z.string() }).safeParse(body).success);
  });
  await check('without a key nobody comes in', () =>
    refused(call('GET', `${EXTERNAL}/key`, { headers: { 'X-API-Key': '' } }), 401, 'invalid_api_key'),
  );
  await check('an invented key is refused', () =>
    refused(
      call('GET', `${EXTERNAL}/key`, { headers: { 'X-API-Key': `qxs_${'a'.repeat(50)}` } }),
      401,
      'invalid_api_key',
    ),
  );
  await check('the gateway refuses in our words: no such route, no such method', async () => {
    await refused(call('GET', `${EXTERNAL}/nothing`), 404, 'route_not_found');
    await refused(call('DELETE', `${EXTERNAL}/key`), 405, 'method_not_allowed');
  });
  await check('a webhook that Meta did not sign is refused, and a wrong verify token too', async () => {
    const signature = { 'X-Hub-Signature-256': `sha256=${'0'.repeat(64)}` };
    const { status } = await call('POST', '/v1/whatsapp/webhook', { body: {}, headers: signature });
    require(`the body is answered ${status}`, status === 401);
    const query = 'hub.mode=subscribe&hub.verify_token=wrong&hub.challenge=1';
    const verified = await call('GET', `/v1/whatsapp/webhook?${query}`);
    require(`the token is answered ${verified.status}`, verified.status === 403);
  });
  await check('the key says what it is', async () => {
    const { status } = await call('GET', `${EXTERNAL}/key`);
    require(`answers ${status}`, status === 200);
  });
  for (const list of ['messages', 'conversations', 'webhooks/events']) {
    await check(`${list} are listed`, async () => {
      const { status, body } = await call('GET', `${EXTERNAL}/${list}?limit=1`);
      require(`answers ${status}`, status === 200 && List.safeParse(body).success);
    });
  }
  await check('a typo in a request is refused, and nothing is sent', () =>
    refused(
      call('POST', `${EXTERNAL}/send/otp`, { body: { to: NOBODY, code: '482913', colour: 1 } }),
      400,
      'invalid_request',
    ),
  );
  if (!sends) {
    say('  --    sending is not checked with a live key: give a sandbox key (qxs_test_…)');
    return failures;
  }
  await check('a send is accepted once, repeated from memory, and its status comes back', async () => {
    const headers = { 'Idempotency-Key': randomUUID() };
    const body = { to: NOBODY, code: '482913' };
    const first = await call('POST', `${EXTERNAL}/send/otp`, { body, headers });
    require(`the send is answered ${first.status}`, first.status === 200);
    const second = await call('POST', `${EXTERNAL}/send/otp`, { body, headers });
    const { id } = z.looseObject({ id: z.string() }).parse(first.body);
    require('the repetition is another send', z.looseObject({ id: z.literal(id) }).safeParse(second.body).success);
    require('it does not say that it is a repetition', second.headers.get('idempotency-replayed') === 'true');
    for (const until = Date.now() + STATUS_MS; ; await new Promise((resolve) => setTimeout(resolve, 250))) {
      const { body: message } = await call('GET', `${EXTERNAL}/messages/${id}`);
      if (z.looseObject({ status: z.enum(['delivered', 'read']) }).safeParse(message).success) return;
      require(`no status came within ${STATUS_MS / 1000} s`, Date.now() < until);
    }
  });
  return failures;
}

const isJson = (text: string): boolean => /^\s*[{[]/.test(text);

function require(fault: string, isSo: boolean): void {
  if (!isSo) throw new Error(fault);
}
