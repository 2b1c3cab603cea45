import { createHmac, randomBytes } from 'node:crypto';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { startTenantReceiver, type TenantReceiver } from '../../../local/tenant-receiver/server.ts';

type Received = {
  id: number;
  received_at: string;
  answered: number | null;
  signature_valid: boolean;
  signatures: { quixess: boolean; standard: boolean };
  signature_problem: string | null;
  headers: Record<string, string>;
  body: string;
  path: string;
};

const newSecret = () => `whsec_${randomBytes(32).toString('base64')}`;
const SECRET = newSecret();
// Far from the real clock: the tolerance must be measured in virtual time.
const NOW = Date.parse('2031-01-01T00:00:00.250Z');

let time: number;
let database: DatabaseSync;
let receiver: TenantReceiver;
const clock = { now: () => time };

beforeEach(async () => {
  time = NOW;
  database = new DatabaseSync(':memory:');
  receiver = await startTenantReceiver({ port: 0, clock, database });
  receiver.setSecret(SECRET);
});
afterEach(() => receiver.stop());

type Signing = { secret?: string; standardSecrets?: string[]; ageSeconds?: number; id?: string };

/** Signs by the words of contract §6, with Node's crypto only. */
function signed(
  body: string,
  { secret = SECRET, standardSecrets = [secret], ageSeconds = 0, id = 'evt_1' }: Signing = {},
) {
  const timestamp = Math.floor(NOW / 1000) - ageSeconds;
  const standard = standardSecrets.map((each) => {
    const key = Buffer.from(each.slice('whsec_'.length), 'base64');
    return `v1,${createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64')}`;
  });
  return {
    'content-type': 'application/json',
    'x-quixess-event-id': id,
    'x-quixess-event-type': 'message.received',
    'x-quixess-attempt': '1',
    'x-quixess-signature-256': `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`,
    'webhook-id': id,
    'webhook-timestamp': String(timestamp),
    'webhook-signature': standard.join(' '),
  };
}

const deliver = (
  body: string,
  headers: Record<string, string> = signed(body),
  init: RequestInit & { url?: string } = {},
) => fetch(init.url ?? receiver.url, { method: 'POST', body, headers, redirect: 'manual', ...init });

async function received(query = ''): Promise<Received[]> {
  const answer = await fetch(`${receiver.origin}/_received${query}`);
  return (await answer.json()) as Received[];
}

const behave = (behavior: object) =>
  fetch(`${receiver.origin}/_behavior`, { method: 'PUT', body: JSON.stringify(behavior) });

describe('the tenant receiver verifies', () => {
  test('a good delivery by both schemes, and keeps its bytes', async () => {
    const body = '{"a" :"ä/\\u00e4"}';
    expect((await deliver(body)).status).toBe(200);
    expect(await received()).toEqual([
      {
        id: 1,
        received_at: '2031-01-01T00:00:00.250Z',
        path: '/webhooks/quixess',
        answered: 200,
        signature_valid: true,
        signatures: { quixess: true, standard: true },
        signature_problem: null,
        headers: expect.objectContaining({ 'x-quixess-event-id': 'evt_1' }),
        body,
      },
    ]);
  });

  const body = '{"a":1}';
  test.each<[string, Record<string, string>, { quixess: boolean; standard: boolean }]>([
    ['another secret', signed(body, { secret: newSecret() }), { quixess: false, standard: false }],
    ['another body', signed('{"a":2}'), { quixess: false, standard: false }],
    [
      'a rotation: old signs one header, both the other',
      signed(body, { secret: newSecret(), standardSecrets: [newSecret(), SECRET] }),
      { quixess: false, standard: true },
    ],
    ['a stale timestamp', signed(body, { ageSeconds: 301 }), { quixess: true, standard: false }],
    ['a timestamp of the future', signed(body, { ageSeconds: -301 }), { quixess: true, standard: false }],
    ['one just in time', signed(body, { ageSeconds: 300 }), { quixess: true, standard: true }],
    ['another id than signed', { ...signed(body), 'webhook-id': 'evt_2' }, { quixess: true, standard: false }],
    [
      'upper-case hex',
      { ...signed(body), 'x-quixess-signature-256': signed(body)['x-quixess-signature-256'].toUpperCase() },
      { quixess: false, standard: true },
    ],
    [
      'the decoded key for the Quixess scheme',
      {
        ...signed(body),
        'x-quixess-signature-256': `sha256=${createHmac('sha256', Buffer.from(SECRET.slice(6), 'base64'))
          .update(body)
          .digest('hex')}`,
      },
      { quixess: false, standard: true },
    ],
    [
      'an unknown version',
      { ...signed(body), 'webhook-signature': signed(body)['webhook-signature'].replace('v1', 'v2') },
      { quixess: true, standard: false },
    ],
    ['no signatures', { 'content-type': 'application/json' }, { quixess: false, standard: false }],
  ])('%s', async (_name, headers, signatures) => {
    await deliver(body, headers);
    const [delivery] = await received();
    expect(delivery).toMatchObject({ signatures, signature_valid: signatures.quixess && signatures.standard });
    expect(delivery?.signature_problem === null).toBe(signatures.quixess && signatures.standard);
  });

  test('several accepted secrets, and one of its own for a path', async () => {
    const [older, other] = [newSecret(), newSecret()];
    const set = (wish: object) => fetch(`${receiver.origin}/_secrets`, { method: 'PUT', body: JSON.stringify(wish) });
    await set({ secrets: [SECRET, older] });
    await set({ secrets: [other], path: '/webhooks/other' });
    await deliver(body, signed(body, { secret: older }));
    await deliver(body, signed(body, { secret: other }), { url: `${receiver.origin}/webhooks/other` });
    await deliver(body, signed(body), { url: `${receiver.origin}/webhooks/other` });
    expect((await received()).map(({ signature_valid }) => signature_valid)).toEqual([true, true, false]);
    expect(await received('?path=/webhooks/other')).toHaveLength(2);
  });
});

describe('the tenant receiver behaves', () => {
  test.each<[object, number, Record<string, string>]>([
    [{ mode: 'status' }, 500, {}],
    [{ mode: 'status', status: 429, retry_after: 30 }, 429, { 'retry-after': '30' }],
    [{ mode: 'status', status: 410 }, 410, {}],
    [{ mode: 'redirect', location: 'http://127.0.0.1:1/' }, 302, { location: 'http://127.0.0.1:1/' }],
    [{ mode: 'slow', delay_ms: 10 }, 200, {}],
  ])('%j', async (behavior, status, headers) => {
    await behave(behavior);
    const answer = await deliver('{}');
    expect(answer.status).toBe(status);
    expect(Object.fromEntries(answer.headers)).toMatchObject(headers);
    expect(await received()).toMatchObject([{ answered: status }]);
  });

  test('a redirect leads back here by default, where following it would show', async () => {
    await behave({ mode: 'redirect' });
    expect((await deliver('{}')).headers.get('location')).toBe(`${receiver.origin}/webhooks/redirected`);
  });

  test.each(['hang', 'reset'])('%s: no answer, but received', async (mode) => {
    await behave({ mode });
    await expect(deliver('{}', signed('{}'), { signal: AbortSignal.timeout(100) })).rejects.toThrow();
    expect(await received()).toMatchObject([{ answered: null, signature_valid: true }]);
  });

  test('a slow answer to a sender that gave up counts as none', async () => {
    await behave({ mode: 'slow', delay_ms: 60_000 });
    await expect(deliver('{}', signed('{}'), { signal: AbortSignal.timeout(50) })).rejects.toThrow();
    expect(await received()).toMatchObject([{ answered: null }]);
  });

  test('for some times, then well again', async () => {
    await behave({ mode: 'status', status: 503, times: 2 });
    const answers = [await deliver('{}'), await deliver('{}'), await deliver('{}')];
    expect(answers.map(({ status }) => status)).toEqual([503, 503, 200]);
  });

  test('on one path only, and until taken back', async () => {
    await behave({ mode: 'status', path: '/webhooks/other' });
    const url = `${receiver.origin}/webhooks/other`;
    expect((await deliver('{}')).status).toBe(200);
    expect((await deliver('{}', signed('{}'), { url })).status).toBe(500);
    await fetch(`${receiver.origin}/_behavior`, { method: 'DELETE' });
    expect((await deliver('{}', signed('{}'), { url })).status).toBe(200);
  });

  test.each([{ mode: 'explode' }, { mode: 'ok', tmies: 1 }, {}])('refuses %j', async (behavior) => {
    expect((await behave(behavior)).status).toBe(400);
  });
});

describe('the tenant receiver remembers', () => {
  test('what came, the secret and the behaviour over a restart', async () => {
    await deliver('{}');
    await behave({ mode: 'status', status: 418 });
    await receiver.stop();
    receiver = await startTenantReceiver({ port: 0, clock, database });
    expect((await deliver('{}')).status).toBe(418);
    expect((await received()).map(({ signature_valid }) => signature_valid)).toEqual([true, true]);
  });

  test('by event type and event id', async () => {
    await deliver('{}', signed('{}', { id: 'evt_1' }));
    await deliver('{}', signed('{}', { id: 'evt_2' }));
    await deliver('{}', { ...signed('{}', { id: 'evt_3' }), 'x-quixess-event-type': 'message.read' });
    const ids = async (query: string) => (await received(query)).map(({ headers }) => headers['x-quixess-event-id']);
    expect(await ids('?event_type=message.received')).toEqual(['evt_1', 'evt_2']);
    expect(await ids('?event_id=evt_3')).toEqual(['evt_3']);
    expect(await ids('?event_id=evt_3&event_type=message.received')).toEqual([]);
    expect(await ids('?after_id=2')).toEqual(['evt_3']);
    await fetch(`${receiver.origin}/_received`, { method: 'DELETE' });
    expect(await received()).toEqual([]);
  });

  test('and shows it to a person, with nothing a stranger wrote running', async () => {
    await deliver('<script>alert(1)</script>');
    await deliver('{}', { 'content-type': 'application/json' });
    const page = await fetch(`${receiver.origin}/`);
    const html = await page.text();
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(html).toContain('&lt;script&gt;');
    expect(html).not.toContain('<script>');
    expect(html).toContain('✓ valid');
    expect(html).toContain('✗ invalid');
    expect(html).toContain('2 deliveries');
  });

  test('health, and what it does not know', async () => {
    expect((await fetch(`${receiver.origin}/_health`)).status).toBe(200);
    expect((await fetch(`${receiver.origin}/nothing`)).status).toBe(404);
    expect((await fetch(receiver.url)).status).toBe(405);
    expect((await fetch(`${receiver.origin}/_received?evnt_id=1`)).status).toBe(400);
  });
});
