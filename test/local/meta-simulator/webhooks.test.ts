import { createHmac } from 'node:crypto';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { startMetaSimulator } from '../../../local/meta-simulator/server.ts';
import { toWireJson } from '../../../local/meta-simulator/webhooks/wire-json.ts';
import { eventually, GRAPH_VERSION, manualClock, otp, type Simulation, startSimulation } from './support.ts';

type Logged = { field: string; attempts: { at: string; status: number | null }[]; finished: string | null };

let simulation: Simulation;

beforeEach(async () => {
  simulation = await startSimulation();
});
afterEach(() => simulation.stop());

const webhooks = async () => (await simulation.call<Logged[]>('GET', '/_webhooks')).body;
/** Waits until the newest webhook has had so many attempts and they are on record. */
const attempted = (count: number) =>
  eventually(
    async () => (await webhooks())[0]?.attempts ?? [],
    ({ length }) => length >= count,
  );

describe("webhooks of the simulator on Meta's wire", () => {
  test('are signed over the exact bytes, with slashes and non-ASCII escaped', async () => {
    await simulation.call('POST', '/_inbound', { from: '+15550109999', name: 'Zoë', text: 'a/b 👍' });
    await eventually(
      () => simulation.hook.received.length,
      (length) => length === 1,
    );
    const [{ headers, raw, body } = { headers: {}, raw: '', body: null }] = simulation.hook.received;
    expect(raw).toContain('a\\/b \\ud83d\\udc4d');
    expect(raw).toContain('Zo\\u00eb');
    const hex = createHmac('sha256', simulation.meta.appSecret).update(raw).digest('hex');
    expect(headers).toMatchObject({ 'x-hub-signature-256': `sha256=${hex}`, 'content-type': 'application/json' });
    expect(body).toMatchObject({ object: 'whatsapp_business_account', entry: [{ id: simulation.meta.wabaId }] });
    // A receiver that signs what it re-serialised must fail.
    expect(JSON.stringify(body)).not.toBe(raw);
  });

  test('carry integers above 2^53 unharmed', () => {
    expect(toWireJson({ id: 730024094400198193n, url: 'https://x' })).toBe(
      '{"id":730024094400198193,"url":"https:\\/\\/x"}',
    );
  });

  test('come again until we say 200, at once and then ever more rarely', async () => {
    simulation.hook.answerWith((nth) => (nth < 5 ? (nth === 2 ? 202 : 500) : 200));
    await simulation.call('POST', '/_inbound', { from: '+15550109999' });
    await attempted(2); // the second one comes without time passing; 202 is no 200
    for (const [seconds, attempt] of [
      [1, 3],
      [5, 4],
      [15, 5],
    ] as const) {
      simulation.clock.advance(seconds * 1000 - 1);
      expect(simulation.hook.received).toHaveLength(attempt - 1);
      simulation.clock.advance(1);
      await attempted(attempt);
    }
    simulation.clock.advance(8 * 24 * 3600 * 1000);
    const [log] = await webhooks();
    expect(log).toMatchObject({ finished: 'delivered', field: 'messages' });
    expect(log?.attempts.map(({ status }) => status)).toEqual([500, 202, 500, 500, 200]);
    expect(new Set(simulation.hook.received.map(({ raw }) => raw)).size).toBe(1);
  });

  test('are given up after seven days', async () => {
    simulation.hook.answerWith(() => 500);
    await simulation.call('POST', '/_inbound', { from: '+15550109999' });
    for (let day = 0; day < 200 && (await webhooks())[0]?.finished === null; day += 1) {
      const before = (await webhooks())[0]?.attempts.length ?? 0;
      simulation.clock.advance(24 * 3600 * 1000);
      await eventually(webhooks, ([log]) => log?.finished !== null || log.attempts.length > before);
    }
    const attempts = (await webhooks())[0]?.attempts ?? [];
    const days = (Date.parse(attempts.at(-1)?.at ?? '') - Date.parse(attempts[0]?.at ?? '')) / (24 * 3600 * 1000);
    expect(days).toBeGreaterThan(5);
    expect(days).toBeLessThanOrEqual(7);
  });

  test('stay away while the app is not subscribed', async () => {
    await simulation.graph('DELETE', `${simulation.meta.wabaId}/subscribed_apps`);
    await simulation.send(otp('+15550109999'));
    simulation.clock.advance(1000);
    expect(await webhooks()).toEqual([]);
    expect((await simulation.call('POST', '/_inbound', { from: '+15550109999' })).status).toBe(409);
  });
});

describe('the simulator across a restart', () => {
  test('keeps its identity and pays every webhook it owes', async () => {
    const file = join(mkdtempSync(join(tmpdir(), 'meta-')), 'stack.sqlite');
    const clock = manualClock();
    const first = await startSimulation({ database: new DatabaseSync(file), clock });
    first.hook.answerWith(() => 503);
    await first.send(otp('+15550109999', { biz_opaque_callback_data: 'm-1' }));
    clock.advance(100);
    await eventually(
      () => first.hook.received.length,
      (length) => length >= 2,
    );
    // No stop: another process on the same file is what a kill -9 and a start look like to the disk.
    const second = await startMetaSimulator({
      port: 0,
      clock,
      database: new DatabaseSync(file),
      graphVersion: GRAPH_VERSION,
    });
    await first.meta.stop();
    const ids = ({ appSecret, verifyToken, phoneNumberId, wabaId, accessToken, templates }: typeof second) => ({
      appSecret,
      verifyToken,
      phoneNumberId,
      wabaId,
      accessToken,
      templates,
    });
    expect(ids(second)).toEqual(ids(first.meta));

    first.hook.answerWith(() => 200);
    const before = first.hook.received.length;
    clock.advance(60_000);
    const after = () =>
      first.hook
        .statuses()
        .slice(before)
        .map(({ status }) => status);
    await eventually(after, (statuses) => statuses.includes('sent') && statuses.includes('delivered'));
    await second.stop();
    await first.hook.stop();
  });

  test('decides about a template that was pending', async () => {
    const database = new DatabaseSync(':memory:');
    const clock = manualClock();
    const first = await startSimulation({ database, clock });
    const body = {
      name: 'later_code',
      language: 'en_US',
      category: 'AUTHENTICATION',
      components: [{ type: 'BUTTONS', buttons: [{ type: 'OTP', otp_type: 'COPY_CODE' }] }],
    };
    expect((await first.graph('POST', `${first.meta.wabaId}/message_templates`, body)).body.status).toBe('PENDING');
    await first.stop();
    const second = await startSimulation({ database, clock });
    clock.advance(2000);
    await eventually(
      () => second.hook.values(),
      (values) => values[0]?.event === 'APPROVED',
    );
    await second.stop();
  });
});

describe('webhooks by hand', () => {
  test.each([
    [undefined, true],
    ['bad', false],
  ])('POST /_webhook sends the bytes as they are (x-sign: %s)', async (sign, isValid) => {
    const raw = '{"odd" :  "bytes, ä"}';
    const answer = await fetch(`${simulation.meta.url}/_webhook`, {
      method: 'POST',
      body: raw,
      headers: sign === undefined ? {} : { 'x-sign': sign },
    });
    expect(await answer.json()).toEqual({ status: 200, body: 'thanks' });
    const [hooked] = simulation.hook.received;
    const hex = createHmac('sha256', simulation.meta.appSecret).update(raw).digest('hex');
    expect(hooked?.raw).toBe(raw);
    expect(hooked?.headers['x-hub-signature-256'] === `sha256=${hex}`).toBe(isValid);
  });

  test("POST /_verify does Meta's handshake", async () => {
    const { body } = await simulation.call('POST', '/_verify');
    expect(body).toMatchObject({ is_verified: true, status: 200 });
  });

  test('POST /_status queues any status of a message we sent, later if told', async () => {
    const { body } = await simulation.send(otp('+15550107009'));
    const wamid = body.messages[0]?.id;
    await simulation.call('POST', '/_status', { wamid, status: 'read', delay_seconds: 60 });
    simulation.clock.advance(60_000);
    const [status] = await eventually(
      () => simulation.hook.statuses(),
      ({ length }) => length === 1,
    );
    expect(status).toMatchObject({ id: wamid, status: 'read', timestamp: '1795341660' });
    expect((await simulation.call('POST', '/_status', { wamid: 'wamid.X', status: 'read' })).status).toBe(404);
  });
});
