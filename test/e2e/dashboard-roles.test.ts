import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { isAtLeast, ROLES, type Role } from '../../shared/roles.ts';
import { isDashboardRoute, ROUTES } from '../../shared/routes.ts';
import { admin } from '../support/admin.ts';
import { type Dashboard, dashboardAs, dashboardOf, tokenOf } from '../support/dashboard.ts';
import type { Documented } from '../support/documented.ts';
import { type RunningStack, startStack } from '../support/local-stack.ts';
import { addBrand } from '../support/second-brand.ts';
import { itemsOf } from '../support/tenant.ts';

// Every endpoint of the dashboard's plane, from the table of routes: nobody can forget to add one here.

jest.setTimeout(120_000);

let stack: RunningStack;
beforeAll(async () => {
  stack = await startStack();
}, 120_000);
afterAll(() => stack?.stop());

const PREFIX = '/v1';
const routes = ROUTES.filter(isDashboardRoute).map(({ method, path, auth, function: fn }) => ({
  method,
  fn,
  path: path.slice(PREFIX.length),
  role: (auth as { role: Role }).role,
}));
type Route = (typeof routes)[number];

const hasBody = ({ method }: Route): boolean => method === 'POST' || method === 'PATCH';
/** Let through, a request is refused for what it asks, or answered; what matters is that the gateway did not refuse it. */
const callOwn = (api: Dashboard, route: Route): Promise<Documented> =>
  api(route.method, route.path.replaceAll(/\{\w+\}/g, 'unknown'), hasBody(route) ? {} : undefined);

const outcomeOf = ({ status, body }: Documented): string => {
  if (status === 401 && body.code === 'invalid_token') return 'nobody';
  if (status === 403 && body.code === 'insufficient_role') return 'refused';
  return status === 401 || status === 403 || status >= 500 ? `${status} ${body.code}` : 'let through';
};
const nameOf = ({ method, path }: Route): string => `${method} ${path}`;

describe.each(ROLES)('a %s', (role) => {
  const isAllowed = (route: Route): boolean => isAtLeast(role, route.role);
  const expected = Object.fromEntries(
    routes.map((route) => [nameOf(route), isAllowed(route) ? 'let through' : 'refused']),
  );

  test.each([
    ['nothing of it in the cache', true, 1],
    ['from the cache, filled by an endpoint the role allows', false, 1],
    ['from the cache, filled by an endpoint it does not allow', false, -1],
  ])('calls the endpoints of the role and no other, %s', async (_name, isCold, sign) => {
    const api = dashboardAs(stack, await tokenOf(stack, `${role}@demo.example`));
    await stack.control.flushAuthorizerCache();
    const inOrder = routes.toSorted((a, b) => sign * (Number(isAllowed(b)) - Number(isAllowed(a))));
    const outcomes: Record<string, string> = {};
    for (const route of inOrder) {
      if (isCold) await stack.control.flushAuthorizerCache();
      outcomes[nameOf(route)] = outcomeOf(await callOwn(api, route));
    }
    expect(outcomes).toEqual(expected);
  });
});

test.each([
  ['no token', async () => null],
  ['an API key for a token', async () => stack.api_key],
  [
    'a token whose signature is another',
    async () => `${(await tokenOf(stack, 'owner@demo.example')).slice(0, -6)}AAAAAA`,
  ],
])('%s gets in nowhere', async (_name, token) => {
  const api = dashboardAs(stack, await token());
  const outcomes = await Promise.all(
    routes.map(async (route) => [nameOf(route), outcomeOf(await callOwn(api, route))]),
  );
  expect(Object.fromEntries(outcomes)).toEqual(Object.fromEntries(routes.map((route) => [nameOf(route), 'nobody'])));
});

test('who is signed in but belongs to no organisation is refused everywhere, and not asked to sign in again', async () => {
  const api = await dashboardOf(stack, 'stranger@demo.example');
  for (const route of routes)
    expect([nameOf(route), outcomeOf(await callOwn(api, route))]).toEqual([nameOf(route), 'refused']);
});

/** Ids of another organisation's things, by what the path or the body says. */
type Foreign = {
  brand: string;
  apiKey: string;
  member: string;
  event: string;
  message: string;
  conversation: string;
  recovery: string;
  connection: string;
};

/** A request that is right in all but whose things it names. A new endpoint with a body needs a line. */
const BODIES: Record<string, (foreign: Foreign) => unknown> = {
  'update-brand': () => ({ name: 'Taken over' }),
  'update-member': () => ({ role: 'viewer' }),
  'create-api-key': ({ brand }) => ({ brand_id: brand, name: 'Taken over', scopes: ['whatsapp:send_otp'] }),
  'update-api-key': () => ({ name: 'Taken over' }),
  'roll-api-key': () => ({ grace: '0' }),
  'create-brand-recovery': ({ brand }) => ({ brand_id: brand }),
  'check-connection': (foreign) => number(foreign),
  'create-connection': (foreign) => number(foreign),
  'update-connection': () => ({ webhook_url: null }),
  'submit-template': ({ brand }) => ({
    ...{ brand_id: brand, kind: 'otp', name: 'taken_over', language: 'en_US', code_expiration_minutes: 10 },
    button: { kind: 'copy_code', text: 'Copy code' },
  }),
  'sync-brand-templates': ({ brand }) => ({ brand_id: brand }),
  'enable-connection': () => ({}),
};
const number = ({ brand }: Foreign) => ({
  ...{ brand_id: brand, waba_id: '102290129340398', phone_number_id: '106540352242922' },
  access_token: 'EAAtokenOfSomebodyElse1234567890',
});
/** They name nothing: what they answer, or make, is of the own organisation. */
const OF_OWN = ['get-me', 'list-members', 'invite-member', 'list-brands', 'create-brand', 'list-audit-log'];

function foreignId({ path }: Route, foreign: Foreign): string {
  if (path.startsWith('/brands')) return foreign.brand;
  if (path.startsWith('/api-keys')) return foreign.apiKey;
  if (path.startsWith('/members')) return foreign.member;
  if (path.startsWith('/webhooks/events')) return foreign.event;
  if (path.startsWith('/webhooks/recoveries')) return foreign.recovery;
  if (path.startsWith('/whatsapp/messages')) return foreign.message;
  if (path.startsWith('/whatsapp/conversations')) return foreign.conversation;
  if (path.startsWith('/whatsapp/templates')) return 'signup_otp';
  return foreign.connection;
}

describe('of another organisation', () => {
  let foreign: Foreign;
  let theirs: Dashboard;

  beforeAll(async () => {
    const { organisation_id } = await admin(stack, 'organisation', 'create', 'Other', 'owner@other.example');
    theirs = await dashboardOf(stack, 'owner@other.example');
    const { brandId, phoneNumberId } = await addBrand(stack, undefined, undefined, String(organisation_id));
    await stack.simulator.inbound({
      from: '15550109998',
      type: 'text',
      text: { body: 'hi' },
      phone_number_id: phoneNumberId,
    });
    const query = `?brand_id=${brandId}`;
    const first = async (call: string) => {
      for (;;) {
        const { body } = await theirs('GET', `${call}${query}`);
        if (body.data?.[0]) return String(body.data[0].id);
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    };
    const event = await first('/webhooks/events');
    const recovery = await theirs('POST', '/webhooks/recoveries', { brand_id: brandId, statuses: ['delivered'] });
    expect(recovery.status).toBe(202);
    const connections = await itemsOf(stack, 'connections');
    foreign = {
      ...{ brand: brandId, event, recovery: String(recovery.body.id) },
      apiKey: await first('/api-keys'),
      member: String((await theirs('GET', '/me')).body.id),
      message: await first('/whatsapp/messages'),
      conversation: await first('/whatsapp/conversations'),
      connection: String(connections.find((one) => one.brandId === brandId)?.connectionId),
    };
  });

  /** All that belongs to them and that no machinery changes by itself. */
  const theirThings = async () => {
    const tables = await Promise.all(
      ['brands', 'members', 'api-keys', 'connections', 'organisations'].map((name) => itemsOf(stack, name)),
    );
    return tables
      .flat()
      .filter((item) => [item.brandId, item.memberId].some((id) => id === foreign.brand || id === foreign.member));
  };

  test.each(['owner', 'developer', 'viewer'])(
    'nothing exists for a %s: 404, or none of it in the answer; and nothing changes',
    async (role) => {
      const api = await dashboardOf(stack, `${role}@demo.example`);
      const before = await theirThings();
      expect(before.length).toBeGreaterThanOrEqual(4);
      const seen: Record<string, string> = {};
      const expected: Record<string, string> = {};
      for (const route of routes) {
        if (!isAtLeast(role as Role, route.role) || OF_OWN.includes(route.fn)) continue;
        const needsBrand = route.method === 'GET' || route.method === 'DELETE' || !(route.fn in BODIES);
        const isByBrand =
          needsBrand &&
          (route.path.startsWith('/webhooks') || route.path.startsWith('/whatsapp') || route.fn === 'list-api-keys');
        const isConnection = route.path.startsWith('/whatsapp/connections/{id}');
        const query = isByBrand && !isConnection ? `?brand_id=${foreign.brand}` : '';
        const body = hasBody(route) ? BODIES[route.fn]?.(foreign) : undefined;
        const call = `${route.path.replaceAll(/\{\w+\}/g, foreignId(route, foreign))}${query}`;
        const answer = await api(route.method, call, body);
        seen[nameOf(route)] = `${answer.status} ${answer.body.code ?? answer.text.slice(0, 100)}`;
        expected[nameOf(route)] = expect.stringMatching(/^404 (?!route_not_found)/) as unknown as string;
      }
      expect(seen).toEqual(expected);
      expect(Object.keys(seen).length).toBeGreaterThanOrEqual(role === 'viewer' ? 9 : 14);
      for (const call of ['/brands', '/members', '/audit-log', '/me']) {
        const { text } = await api('GET', call);
        for (const id of Object.values(foreign)) expect(text).not.toContain(id);
      }
      expect(await theirThings()).toEqual(before);
    },
  );

  test('while for their own owner all of it is there', async () => {
    for (const [call, id] of [
      [`/webhooks/events/${foreign.event}?brand_id=${foreign.brand}`, foreign.event],
      [`/webhooks/recoveries/${foreign.recovery}?brand_id=${foreign.brand}`, foreign.recovery],
      [`/whatsapp/messages/${foreign.message}?brand_id=${foreign.brand}`, foreign.message],
    ] as const) {
      const answer = await theirs('GET', call);
      expect([call, answer.status, answer.body.id]).toEqual([call, 200, id]);
    }
  });
});
