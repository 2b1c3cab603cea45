import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { eventually, type RunningStack, startStack } from '../support/local-stack.ts';
import { itemsOf, mintKey, OTP_BODY, sendOtp } from '../support/tenant.ts';

// What the policies let functions that send do, and no other test makes each of them do: `npm run grants`.

jest.setTimeout(60_000);

const PERSON = '15550106101';
/** The simulator refuses who is sent to with 131056: too many messages to one person. */
const THROTTLED_PERSON = '15550102056';

let stack: RunningStack;
let sandboxKey: string;
beforeAll(async () => {
  stack = await startStack();
  sandboxKey = await mintKey(stack, ['whatsapp:send_otp', 'whatsapp:send_template', 'whatsapp:reply'], {
    mode: 'test',
  });
}, 120_000);
afterAll(() => stack?.stop());

const text = { type: 'text', text: { body: 'Hi' } } as const;
/** @returns the wamid of what the person wrote, once it is recorded */
async function writes(from: string): Promise<string> {
  const { wamid } = (await stack.simulator.inbound({ from, ...text })) as { wamid: string };
  for (const [table, isHere] of [
    ['messages', (row: Record<string, unknown>) => row.waMessageId === wamid],
    ['conversations', (row: Record<string, unknown>) => row.phone === from],
  ] as const) {
    await eventually(
      () => itemsOf(stack, table),
      (all) => all.some(isHere),
    );
  }
  return wamid;
}

const BUTTONS = {
  type: 'button',
  body: { text: 'Shall we?' },
  action: { buttons: [{ type: 'reply', reply: { id: 'yes', title: 'Yes' } }] },
};
const REPLIES: [string, (about: string) => Record<string, unknown>][] = [
  ['/reply/text', () => ({ body: 'hello' })],
  ['/reply/media', () => ({ type: 'image', link: 'https://shop.example/a' })],
  ['/reply/interactive', () => ({ interactive: BUTTONS })],
  ['/reply/reaction', (message_id) => ({ message_id, emoji: '👍' })],
];
const SENDS: typeof REPLIES = [
  ...REPLIES,
  ['/send/template', () => ({ template_name: 'signup_otp', variables: ['482913'] })],
];

async function post(call: string, body: object, headers: Record<string, string> = {}) {
  const response = await stack.api('POST', `/v1/whatsapp/external${call}`, { body, headers });
  return { status: response.status, headers: response.headers, body: JSON.parse(await response.text()) };
}

test.each(SENDS)(
  '%s: its key replays, a refusal of Meta’s frees it, and the sandbox answers',
  async (call, content) => {
    const about = await writes(PERSON);
    const key = { 'Idempotency-Key': `rights${call}` };
    const body = { to: `+${PERSON}`, ...content(about) };
    const first = await post(call, body, key);
    expect([first.status, first.body.status]).toEqual([200, 'accepted']);
    const again = await post(call, body, key);
    expect([again.headers.get('idempotency-replayed'), again.body]).toEqual(['true', first.body]);

    const other = await writes(THROTTLED_PERSON);
    const refused = await post(
      call,
      { to: `+${THROTTLED_PERSON}`, ...content(other) },
      { 'Idempotency-Key': `refused${call}` },
    );
    expect([refused.status, refused.body.code]).toEqual([429, 'pair_rate_limited']);
    const keys = await itemsOf(stack, 'idempotency');
    expect(keys.some(({ state }) => state === 'released')).toBe(true);

    // What is refused before it is sent is looked up: the first answer under a key is the answer.
    const nobody = call === '/send/template' ? { ...body, template_name: 'no_such' } : { ...body, to: '+15550106199' };
    expect((await post(call, nobody, { 'Idempotency-Key': `nobody${call}` })).status).toBeGreaterThanOrEqual(400);

    const template = call === '/send/template' ? { template_name: 'sandbox_otp' } : {};
    const sandbox = await post(call, { ...body, ...template }, { 'X-API-Key': sandboxKey });
    expect(sandbox.status).toBe(200);
  },
);

test.each(REPLIES.slice(0, 3))('%s quotes a message by our id and by Meta’s', async (call, content) => {
  const wamid = await writes(PERSON);
  const quoting = (reply_to: unknown) => post(call, { to: `+${PERSON}`, ...content(wamid), reply_to });
  expect((await quoting(wamid)).status).toBe(200);
  const message = (await itemsOf(stack, 'messages')).find(({ waMessageId }) => waMessageId === wamid);
  expect((await quoting(message?.messageId)).status).toBe(200);
});

test('a file is asked for by Meta’s id of its message', async () => {
  const wamid = await writes(PERSON);
  const { status } = await stack.api('GET', `/v1/whatsapp/external/messages/${wamid}/media`);
  expect(status).toBe(404); // a text has none
});

test('a person who wrote twice in a minute is answered until a day after the second time', async () => {
  const person = '15550106102';
  await writes(person);
  await stack.control.advance(40);
  const last = await writes(person);
  await stack.control.advance(24 * 3600 - 20);
  for (const [call, content] of REPLIES) {
    const { status } = await post(call, { to: `+${person}`, ...content(last) });
    expect([call, status]).toEqual([call, 200]);
  }
});

const control = async (method: string, call: string, body?: object) => {
  const init = { method, ...(body === undefined ? {} : { body: JSON.stringify(body) }) };
  const answer = await (await fetch(`${stack.control_url}${call}`, init)).text();
  return answer === '' ? null : JSON.parse(answer);
};

test('what a function left that died is swept: with a key, and in the sandbox after its status came', async () => {
  /** @param write of its message, before which it dies */
  const dyingSend = async (headers: Record<string, string>, write: 1 | 2, when: 'before' | 'after') => {
    await stack.control.kill('send-otp');
    const containing = `"TableName":"${stack.tables.messages}"`;
    await control('PUT', '/breakpoint', { function: 'send-otp', containing, write, when });
    const answer = sendOtp(stack, { headers, body: { ...OTP_BODY, reference: 'swept' } });
    await eventually(
      () => control('GET', '/breakpoint'),
      ({ is_hit }) => is_hit,
    );
    if (write === 2) await statusOfSandbox();
    await stack.control.kill('send-otp');
    await control('DELETE', '/breakpoint');
    expect((await answer).status).toBe(503);
  };
  const statusOfSandbox = () =>
    eventually(
      () => itemsOf(stack, 'messages'),
      (all) => all.some(({ mode, reference, waMessageId }) => mode === 'test' && reference === 'swept' && waMessageId),
    );
  await dyingSend({ 'Idempotency-Key': 'swept' }, 1, 'after');
  await dyingSend({ 'X-API-Key': sandboxKey }, 2, 'before');
  await stack.control.advance(400);
  const swept = await eventually(
    async () => (await itemsOf(stack, 'messages')).filter(({ reference }) => reference === 'swept'),
    (all) => all.every(({ outcomeUnknownAt }) => outcomeUnknownAt !== undefined),
  );
  expect(swept).toHaveLength(2);
  await eventually(
    () => stack.receiver.received({ event_type: 'message.reconciled' }),
    (all) => all.length > 0,
  );
});
