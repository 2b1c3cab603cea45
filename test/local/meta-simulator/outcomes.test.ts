import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { ERROR_CODES } from '../../../local/meta-simulator/graph/error-codes.ts';
import { OUTCOME_BY_SUFFIX, outcomeByName } from '../../../local/meta-simulator/outcomes.ts';
import { eventually, GRAPH_VERSION, otp, type Simulation, startSimulation, text } from './support.ts';

let simulation: Simulation;

beforeEach(async () => {
  simulation = await startSimulation();
});
afterEach(() => simulation.stop());

const to = (suffix: string) => `+1555010${suffix}`;

/** Sends an OTP, moves time on and answers the statuses that came. */
async function statusesOf(suffix: string, count: number) {
  const answer = await simulation.send(otp(to(suffix), { biz_opaque_callback_data: 'msg-1' }));
  // Stepwise, so that one webhook is away before the next is due: their order here is the order they were due.
  for (let step = 1; step <= count; step += 1) {
    for (let ms = 0; simulation.hook.received.length < step && ms < 200_000; ms += 40) simulation.clock.advance(40);
    await eventually(
      () => simulation.hook.statuses().length,
      (length) => length >= step,
    );
  }
  simulation.clock.advance(600_000);
  return { answer, statuses: simulation.hook.statuses() };
}

describe('outcomes of the simulator by recipient', () => {
  test('every number of the table has an outcome that exists', () => {
    expect(Object.values(OUTCOME_BY_SUFFIX).filter((name) => outcomeByName(name) === undefined)).toEqual([]);
    expect(Object.keys(OUTCOME_BY_SUFFIX).length).toBeGreaterThan(60);
  });

  const refusals = Object.entries(OUTCOME_BY_SUFFIX).filter(([, name]) => name.startsWith('error-'));
  test.each(refusals)('%s is refused as %s', async (suffix, name) => {
    const code = Number(name.slice('error-'.length));
    const answer = await simulation.send(otp(to(suffix)));
    expect({ status: answer.status, code: answer.body.error.code }).toEqual({ status: ERROR_CODES[code]?.http, code });
    expect((await simulation.call('GET', '/_sent')).body).toEqual([]);
  });

  test('131056 and 190 have the HTTP statuses of the reference', async () => {
    expect((await simulation.send(otp(to('2056')))).status).toBe(400);
    expect((await simulation.send(otp(to('4190')))).status).toBe(401);
    expect((await simulation.send(otp(to('2016')))).status).toBe(500);
  });

  test('any other number is accepted, sent and delivered', async () => {
    const { answer, statuses } = await statusesOf('9999', 2);
    expect(answer.status).toBe(200);
    expect(statuses).toEqual(
      ['sent', 'delivered'].map((status) => ({
        id: answer.body.messages[0]?.id,
        status,
        timestamp: String(Date.parse('2026-11-22T10:00:00Z') / 1000),
        recipient_id: '15550109999',
        recipient_user_id: expect.stringMatching(/^US\.\d+$/),
        biz_opaque_callback_data: 'msg-1',
        pricing: { billable: true, pricing_model: 'PMP', type: 'regular', category: 'authentication' },
      })),
    );
  });

  test.each<[string, number]>([
    ['5026', 131026],
    ['5047', 131047],
    ['5049', 131049],
    ['5053', 131053],
  ])('%s fails later with %i', async (suffix, code) => {
    const { answer, statuses } = await statusesOf(suffix, 1);
    expect(answer.status).toBe(200);
    expect(statuses).toMatchObject([
      { status: 'failed', errors: [{ code, title: expect.any(String), href: expect.any(String) }] },
    ]);
    expect(statuses[0]).not.toHaveProperty('recipient_user_id');
    expect(simulation.hook.values()[0]).not.toHaveProperty('contacts');
    expect((await simulation.call('GET', '/_sent')).body).toEqual([]);
  });

  test.each<[string, string[]]>([
    ['7002', ['sent', 'sent', 'delivered', 'delivered']],
    ['7003', ['read', 'delivered', 'sent']],
    ['7004', ['sent', 'delivered', 'read']],
    ['7005', ['sent', 'read']],
    ['7008', ['sent', 'delivered', 'read', 'played']],
    ['7010', ['sent', 'failed']],
    ['7007', ['failed']],
  ])('%s tells %j', async (suffix, expected) => {
    const { statuses } = await statusesOf(suffix, expected.length);
    expect(statuses.map(({ status }) => status)).toEqual(expected);
  });

  test('a duplicate status is the same to the letter', async () => {
    const { statuses } = await statusesOf('7002', 4);
    expect(statuses[1]).toEqual(statuses[0]);
    expect(statuses[3]).toEqual(statuses[2]);
  });

  test('a held message says so', async () => {
    const { answer, statuses } = await statusesOf('7006', 2);
    expect(answer.body.messages[0]?.message_status).toBe('held_for_quality_assessment');
    expect(statuses.map(({ status }) => status)).toEqual(['sent', 'delivered']);
  });

  test('late statuses come after a minute and tell when it happened', async () => {
    await simulation.send(otp(to('7001')));
    simulation.clock.advance(59_000);
    expect(simulation.hook.received).toEqual([]);
    simulation.clock.advance(1000);
    const [late] = await eventually(
      () => simulation.hook.statuses(),
      ({ length }) => length === 1,
    );
    expect(late).toMatchObject({ status: 'sent', timestamp: '1795341600' });
  });

  test('a reaction is only ever sent', async () => {
    await simulation.call('PUT', '/_settings', { service_window: 'off' });
    await simulation.send({
      messaging_product: 'whatsapp',
      to: to('9999'),
      type: 'reaction',
      reaction: { message_id: 'wamid.A', emoji: '👍' },
    });
    simulation.clock.advance(60_000);
    await eventually(
      () => simulation.hook.received.length,
      (length) => length === 1,
    );
    const webhooks = (await simulation.call('GET', '/_webhooks')).body;
    expect(webhooks).toHaveLength(1);
  });
});

describe('lost answers of the simulator', () => {
  /** A client that gives up after a moment. */
  const impatient = (suffix: string) =>
    fetch(`${simulation.meta.url}/${GRAPH_VERSION}/${simulation.meta.phoneNumberId}/messages`, {
      method: 'POST',
      headers: { authorization: `Bearer ${simulation.meta.accessToken}`, 'content-type': 'application/json' },
      body: JSON.stringify(otp(to(suffix))),
      signal: AbortSignal.timeout(150),
    });

  test.each<[string, string, number]>([
    ['6001', 'hang', 1],
    ['6002', 'hang-unsent', 0],
    ['6003', 'reset', 1],
    ['6007', 'reset-unsent', 0],
  ])('%s (%s) gives no answer; %i sent', async (suffix, outcome, count) => {
    await expect(impatient(suffix)).rejects.toThrow();
    expect((await simulation.call('GET', '/_sent')).body).toHaveLength(count);
    const [logged] = (await simulation.call<object[]>('GET', '/_requests')).body;
    expect(logged).toMatchObject({ answered: null, outcome });
    simulation.clock.advance(1000);
    await eventually(
      () => simulation.hook.received.length,
      (length) => length === count * 2,
    );
  });

  test('garbage is a 200 nobody can read, and the message is out', async () => {
    const answer = await impatient('6004');
    expect(answer.status).toBe(200);
    await expect(answer.json()).rejects.toThrow();
    expect((await simulation.call('GET', '/_sent')).body).toHaveLength(1);
  });

  test('a proxy answers HTML, and nothing is out', async () => {
    const answer = await impatient('6005');
    expect([answer.status, answer.headers.get('content-type')]).toEqual([502, 'text/html']);
    expect((await simulation.call('GET', '/_sent')).body).toEqual([]);
  });

  test('slow answers, but late', async () => {
    await simulation.call('PUT', '/_behavior', { outcome: 'slow', delay_ms: 20 });
    expect((await impatient('9999')).status).toBe(200);
  });
});

describe('PUT /_behavior of the simulator', () => {
  test('holds for `times` sends, whoever they go to', async () => {
    await simulation.call('PUT', '/_behavior', { outcome: 'error-131056', times: 2 });
    const codes = [];
    for (let nth = 0; nth < 3; nth += 1) codes.push((await simulation.send(otp(to('9999')))).status);
    expect(codes).toEqual([400, 400, 200]);
  });

  test('holds until changed, overrules the number, and can be taken back', async () => {
    await simulation.call('PUT', '/_behavior', { outcome: 'accepted' });
    expect((await simulation.send(otp(to('2056')))).status).toBe(200);
    expect((await simulation.send(otp(to('2056')))).status).toBe(200);
    await simulation.call('DELETE', '/_behavior');
    expect((await simulation.send(otp(to('2056')))).status).toBe(400);
  });

  test('refuses an outcome it does not know', async () => {
    expect((await simulation.call('PUT', '/_behavior', { outcome: 'error-1234567' })).status).toBe(400);
    expect((await simulation.call('PUT', '/_behavior', { outcome: 'explode' })).status).toBe(400);
  });
});

describe('the 24 hours of the simulator', () => {
  const reply = () => simulation.send(text('+15550109999'));

  test('a reply to someone who never wrote is taken and fails later', async () => {
    expect((await reply()).status).toBe(200);
    simulation.clock.advance(1000);
    const [status] = await eventually(
      () => simulation.hook.statuses(),
      ({ length }) => length === 1,
    );
    expect(status).toMatchObject({ status: 'failed', errors: [{ code: 131047 }] });
    expect((await simulation.call('GET', '/_sent')).body).toEqual([]);
  });

  test('a customer who writes opens them, and after a day they are over', async () => {
    await simulation.call('POST', '/_inbound', { from: '+15550109999' });
    await reply();
    simulation.clock.advance(24 * 3600 * 1000);
    await reply();
    expect((await simulation.call('GET', '/_sent')).body).toHaveLength(1);
  });

  test('a webhook posted by hand opens them too', async () => {
    const value = { metadata: { phone_number_id: simulation.meta.phoneNumberId }, messages: [{ from: '15550109999' }] };
    await simulation.call('POST', '/_webhook', { entry: [{ changes: [{ value }] }] });
    await reply();
    expect((await simulation.call('GET', '/_sent')).body).toHaveLength(1);
  });

  test('can refuse at once', async () => {
    await simulation.call('PUT', '/_settings', { service_window: 'sync' });
    expect((await reply()).body.error.code).toBe(131047);
  });
});
