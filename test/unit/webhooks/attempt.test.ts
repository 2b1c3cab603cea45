import { expect, test } from '@jest/globals';
import { makeAttempt } from '../../../shared/webhooks/attempt.ts';
import { deliverFromQueue } from '../../../shared/webhooks/deliver.ts';
import type { EndpointAnswer, ErrorClass } from '../../../shared/webhooks/endpoint-client.ts';
import { memoryEndpoints, memoryEvents } from '../../soak/memory-stores.ts';
import { connectionTo, freshEvent, laneContainer } from '../../support/lane.ts';

const NOW = Date.UTC(2026, 10, 22, 12);
const connection = connectionTo('https://tenant.example/');
const { event } = freshEvent(connection, NOW, 1);
const answer = (
  statusCode: number | null,
  errorClass: ErrorClass | null,
  retryAfterSeconds: number | null = null,
): EndpointAnswer => ({ statusCode, errorClass, response: 'what it said', retryAfterSeconds, durationMs: 5 });
const secret = { access_token: 'token', signing_secrets: ['whsec_c2VjcmV0c2VjcmV0'] };

/** @param number of the attempt, from 1 @returns state and wait after it, seconds */
async function after(number: number, answered: EndpointAnswer) {
  const attempt = makeAttempt({
    endpoint: { post: async () => answered },
    secretOf: async () => secret,
    now: () => NOW,
    random: () => 0,
  });
  const made = await attempt(event, connection, { run: 1, number });
  if ('refusal' in made) return { refused: made.refusal };
  const { nextAttemptAt, ...kept } = made.attempt;
  expect(kept).toMatchObject({ run: 1, number, at: NOW, durationMs: 5, response: 'what it said' });
  return { status: made.status, wait: nextAttemptAt === null ? null : (nextAttemptAt - NOW) / 1000 };
}

test.each([
  ['200', 1, answer(200, null), 'delivered', null],
  ['204', 8, answer(204, null), 'delivered', null],
  ['410, at once', 1, answer(410, 'status'), 'failed', null],
  ['301 is a failure', 1, answer(301, 'redirect'), 'retrying', 1],
  ['400', 2, answer(400, 'status'), 'retrying', 5],
  ['500', 3, answer(500, 'status'), 'retrying', 30],
  ['500 may not ask for time', 1, answer(500, 'status', 3600), 'retrying', 1],
  ['429 that asks for more than the rung', 1, answer(429, 'status', 90), 'retrying', 90],
  ['503 that asks for more than the rung', 5, answer(503, 'status', 3600), 'retrying', 3600],
  ['503 that asks for less than the rung', 5, answer(503, 'status', 3), 'retrying', 600],
  ['429 that asks for a day gets six hours', 1, answer(429, 'status', 86_400), 'retrying', 21_600],
  ['timeout', 4, answer(null, 'timeout'), 'retrying', 120],
  ['DNS', 6, answer(null, 'dns'), 'retrying', 3600],
  ['TLS', 7, answer(null, 'tls'), 'retrying', 21_600],
  ['reset', 1, answer(null, 'connection_lost'), 'retrying', 1],
  ['the eighth that fails', 8, answer(500, 'status'), 'failed', null],
] as const)('%s', async (_case, number, answered, status, wait) => {
  expect(await after(number, answered)).toEqual({ status, wait });
});

test.each(['address_not_allowed', 'url_not_allowed'] as const)('%s is no attempt', async (errorClass) => {
  expect(await after(1, answer(null, errorClass))).toEqual({ refused: errorClass });
});

test('an address that is not allowed blocks the endpoint; its events are held without an attempt', async () => {
  const { store: events, items } = memoryEvents();
  const { store: endpoints } = memoryEndpoints();
  let calls = 0;
  const post = async () => {
    calls += 1;
    return answer(null, 'address_not_allowed');
  };
  const common = { connections: [connection], events, endpoints, now: () => NOW };
  const deliver = deliverFromQueue(laneContainer({ lane: 'fast', ...common, endpoint: { post } }));
  for (const index of [1, 2, 3]) await deliver(freshEvent(connection, NOW, index), 1);
  expect(await endpoints.get(connection)).toMatchObject({ state: 'blocked', reason: 'address_not_allowed' });
  expect([...items.values()].map(({ status, attempts }) => [status, attempts.length])).toEqual(
    Array(3).fill(['held', 0]),
  );
  expect(calls).toBe(1);
});

test('a fault of ours costs no attempt: the message stays, and nothing is written', async () => {
  const { store: events, items } = memoryEvents();
  const { store: endpoints } = memoryEndpoints();
  const post = () => Promise.reject(new Error('nobody is called'));
  const secretOf = () => Promise.reject(new Error('Secrets Manager is out'));
  const common = { connections: [connection], events, endpoints, now: () => NOW };
  const deliver = deliverFromQueue(laneContainer({ lane: 'fast', ...common, endpoint: { post }, secretOf }));
  await expect(deliver(freshEvent(connection, NOW, 1), 1)).rejects.toThrow('Secrets Manager is out');
  expect(items.size).toBe(0);
  expect(await endpoints.get(connection)).toMatchObject({ attempts: 0, failures: 0 });
});
