import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { conversationId } from '../../shared/ids.ts';
import { ROUTES } from '../../shared/routes.ts';
import { SCOPES, type Scope } from '../../shared/scopes.ts';
import { type Documented, documentedApi } from '../support/documented.ts';
import { eventually, type RunningStack, startStack } from '../support/local-stack.ts';
import { addBrand } from '../support/second-brand.ts';
import { itemsOf, mintKey } from '../support/tenant.ts';

let stack: RunningStack;
beforeAll(async () => {
  stack = await startStack();
}, 120_000);
afterAll(() => stack?.stop());

type Route = { method: string; call: string; scope: Scope | 'any-key' };
const PREFIX = '/v1/whatsapp/external';
const routes: Route[] = ROUTES.flatMap(({ method, path, auth }) =>
  auth.kind === 'api-key'
    ? [{ method, call: path.replace(PREFIX, '').replaceAll(/\{\w+\}/g, 'unknown'), scope: auth.scope }]
    : [],
);
/** Let through, a request is refused for what it asks, or answered; what matters is that the gateway did not refuse it. */
const isLetThrough = ({ body }: Documented): boolean => body.code !== 'insufficient_scope';
const call = (api: ReturnType<typeof documentedApi>, { method, call: path }: Route) =>
  api(method, path, method === 'POST' ? {} : undefined);

describe.each(SCOPES)('a key with %s alone', (scope) => {
  const allowed = (route: Route): boolean => route.scope === scope || route.scope === 'any-key';

  test.each([
    ['allowed ones first', 1],
    ['refused ones first', -1],
  ])('calls its endpoints and no other, cold and from the cache, %s', async (_name, sign) => {
    const api = documentedApi(stack, await mintKey(stack, [scope]));
    const inOrder = routes.toSorted((a, b) => sign * (Number(allowed(b)) - Number(allowed(a))));
    // The first round fills the authorizer's cache with its first request; the second is answered from it.
    for (const _round of ['cold', 'warm']) {
      const answers: [string, boolean, number][] = [];
      for (const route of inOrder) {
        const answer = await call(api, route);
        answers.push([`${route.method} ${route.call}`, isLetThrough(answer), answer.status === 403 ? 403 : 0]);
      }
      expect(answers).toEqual(
        inOrder.map((route) => [`${route.method} ${route.call}`, allowed(route), allowed(route) ? 0 : 403]),
      );
    }
  });
});

test("a key of one brand that walks all endpoints with another's ids gets 404 everywhere, and changes nothing", async () => {
  const other = await addBrand(stack);
  const theirs = documentedApi(stack, other.key);
  const person = '15550109997';
  await stack.simulator.inbound({
    from: person,
    type: 'text',
    text: { body: 'hello' },
    phone_number_id: other.phoneNumberId,
  });
  await theirs('POST', '/send/otp', { to: '+12818184371', code: '1' });
  const received = await eventually(
    async () => (await theirs('GET', '/messages?direction=inbound')).body.data,
    (data) => data.length === 1,
  );
  const events = await eventually(
    async () => (await theirs('GET', '/webhooks/events')).body.data,
    (data) => data.length >= 3,
  );
  const [{ id, wa_message_id: wamid, conversation_id }] = received;

  const mine = documentedApi(stack);
  await stack.simulator.inbound({ from: person, type: 'text', text: { body: 'hello' } });
  await eventually(
    async () => (await mine('GET', '/messages?direction=inbound')).body.data,
    (data) => data.length === 1,
  );
  const stored = () =>
    Promise.all(['messages', 'conversations', 'events', 'idempotency'].map((table) => itemsOf(stack, table)));
  const graphCalls = async () => ((await stack.simulator.requests()) as unknown[]).length;
  await eventually(
    async () => (await mine('GET', '/webhooks/events?type=message.received&status=delivered')).body.data,
    (data) => data.length === 1,
  );
  const [before, callsBefore] = [await stored(), await graphCalls()];

  const to = `+${person}`;
  const foreign: [string, string, unknown?][] = [
    ['GET', `/messages/${id}`],
    ['GET', `/messages/${encodeURIComponent(wamid)}`],
    ['POST', `/messages/${id}/read`, {}],
    ['POST', `/messages/${encodeURIComponent(wamid)}/read`, {}],
    ['GET', `/conversations/${conversation_id}/messages`],
    ['GET', `/webhooks/events/${events[0].id}`],
    ['POST', '/reply/text', { to, body: 'x', reply_to: id }],
    ['POST', '/reply/media', { to, type: 'image', link: 'https://a.example/b', reply_to: wamid }],
    [
      'POST',
      '/reply/interactive',
      {
        to,
        reply_to: id,
        interactive: { type: 'location_request_message', body: { text: 'x' }, action: { name: 'send_location' } },
      },
    ],
    ['POST', '/reply/reaction', { to, message_id: wamid, emoji: '👍' }],
  ];
  for (const [method, path, body] of foreign)
    expect([method, path, (await mine(method, path, body)).status]).toEqual([method, path, 404]);
  expect((await mine('GET', `/messages?conversation_id=${conversation_id}`)).body.data).toEqual([]);
  expect(conversation_id).toBe(conversationId(other.brandId, person));
  expect(await stored()).toEqual(before);
  expect(await graphCalls()).toBe(callsBefore);
});
