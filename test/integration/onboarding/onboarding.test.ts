import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { ONBOARDING_STEPS, type Onboarded, type Wish } from '../../../functions/create-connection/onboard.ts';
import { ApiError } from '../../../shared/errors.ts';
import { ownerOf } from '../../../shared/events/inbound-update.ts';
import { type Account, DEAD, startWorld, type World, wishOf } from './world.ts';

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.stop());

/** Something that came for the number before anybody had it. */
const hold = (account: Account) =>
  world.metaUpdates.keep(
    { owner: ownerOf({ phone_number_id: account.phone_number_id, waba_id: null }), id: '1' },
    {
      kind: 'unrouted',
      about: 'account',
      text: JSON.stringify({
        kind: 'account',
        phone_number_id: account.phone_number_id,
        waba_id: account.waba_id,
        at: 1,
        is_time_known: true,
        change: 'phone_number_quality',
        event: 'ONBOARDING',
        details: {},
      }),
    },
    world.now(),
  );

const refusalOf = async (wish: Wish): Promise<ApiError> => {
  const error = await world
    .request(null)
    .onboard(wish)
    .then(
      () => null,
      (failure: unknown) => failure,
    );
  if (!(error instanceof ApiError)) throw new Error(`refused otherwise: ${error}`);
  return error;
};

const ofBrand = async (table: string, { brand }: Wish) =>
  (await world.rows(table)).filter(({ brandId }) => brandId === brand.brandId);
const secretNamesOf = async (connectionId: string) =>
  (await world.secretNames()).filter((name) => name?.endsWith(connectionId));

/** What there has to be, exactly once, after all went well in the end. */
async function expectConnected(account: Account, wish: Wish, { connection, secret, steps }: Onboarded): Promise<void> {
  // Where all was done and only the answer was lost, there is nothing to show and to send any more.
  const isSent = secret === null ? 'skipped' : 'done';
  expect(steps.map(({ name, status }) => `${name} ${status}`)).toEqual(
    ONBOARDING_STEPS.map((name) => `${name} ${name === 'test_event_sent' ? isSent : 'done'}`),
  );
  expect(await ofBrand('connections', wish)).toMatchObject([
    { connectionId: connection.connectionId, status: 'active', onboardedAt: expect.any(Number) },
  ]);
  expect((await ofBrand('claims', wish)).map(({ connectionId }) => connectionId)).toEqual([
    connection.connectionId,
    connection.connectionId,
  ]);
  expect(await secretNamesOf(connection.connectionId)).toHaveLength(1);
  expect((await world.secrets.read(connection.connectionId))?.value).toMatchObject({
    access_token: wish.accessToken,
    signing_secrets: [secret ?? expect.stringMatching(/^whsec_/)],
  });
  expect(await world.subscribed(account)).toHaveLength(1);
  expect(await ofBrand('audit-log', wish)).toMatchObject([{ action: 'connection.created' }]);
  expect(await ofBrand('events', wish)).toMatchObject([{ type: 'webhook.test', status: 'pending' }]);
  const delivered = world.queued.deliveries.filter((one) => one.kind === 'run' && one.brand_id === wish.brand.brandId);
  expect(delivered.length).toBeGreaterThan(0);
  const owner = ownerOf({ phone_number_id: account.phone_number_id, waba_id: null });
  expect(await world.metaUpdates.kept(owner, 'unrouted', world.now())).toEqual([]);
  expect(world.queued.inbound.some((text) => text.includes(account.phone_number_id))).toBe(true);
}

describe('connecting a number', () => {
  test('makes one of everything, and says what was done', async () => {
    const account = await world.addAccount();
    await hold(account);
    const wish = wishOf(account);
    const connected = await world.connect(wish);
    expect(connected).toMatchObject({ isNew: true, secret: expect.stringMatching(/^whsec_/) });
    await expectConnected(account, wish, connected);
  });

  test('killed before or after any call to the outside, and begun again, ends with one of everything', async () => {
    const calls = world.request(null);
    const first = await world.addAccount();
    await hold(first);
    await calls.onboard(wishOf(first));
    const count = calls.calls();
    expect(count).toBeGreaterThan(25);

    const died: string[] = [];
    for (let call = 1; call <= count; call++) {
      // The shards of what was held are read at once: to die in one of the reads is to die in any.
      if (calls.names()[call - 1] === 'QueryCommand' && calls.names()[call - 2] === 'QueryCommand') continue;
      for (const when of ['before', 'after'] as const) {
        const account = await world.addAccount();
        await hold(account);
        const wish = wishOf(account);
        const killed = world.request({ call, when });
        expect(await killed.onboard(wish)).toBe(DEAD);
        died.push(`${when} ${killed.names().at(-1)}`);
        const again = await world.connect(wish);
        // Nobody saw the answer of the one that died: the secret is shown now, unless its last write was made.
        const wasLast = call === count && when === 'after';
        expect([died.at(-1), again.secret === null]).toEqual([died.at(-1), wasLast]);
        await expectConnected(account, wish, again);
      }
    }
    expect(died).toEqual(expect.arrayContaining(['after CreateSecretCommand', 'before TransactWriteCommand']));
    expect(died.length).toBeGreaterThan(40);
  });

  test('killed in every try but the last, at places of its own, too', async () => {
    const account = await world.addAccount();
    await hold(account);
    const wish = wishOf(account);
    for (let call = 1; call <= 30; call += 3) await world.request({ call, when: 'after' }).onboard(wish);
    await expectConnected(account, wish, await world.connect(wish));
  });

  test('twice at once is once', async () => {
    const account = await world.addAccount();
    await hold(account);
    const wish = wishOf(account);
    const [one, other] = await Promise.all([world.connect(wish), world.connect(wish)]);
    expect(one?.connection.connectionId).toBe(other?.connection.connectionId);
    const stored = (await world.secrets.read(one.connection.connectionId))?.value.signing_secrets[0];
    for (const { secret } of [one, other]) expect([stored, null]).toContain(secret);
    expect([one.secret, other.secret]).toContain(stored);
    expect(await ofBrand('connections', wish)).toHaveLength(1);
    expect(await secretNamesOf(one.connection.connectionId)).toHaveLength(1);
  });

  test('again with a fresh token keeps id and signing secret, and shows no secret', async () => {
    const account = await world.addAccount();
    const wish = wishOf(account);
    const first = await world.connect(wish);
    const accessToken = await world.addToken({ waba_id: account.waba_id });
    const again = await world.connect({ ...wish, accessToken, webhookUrl: 'https://other.example/hooks' });
    expect(again).toMatchObject({ isNew: false, secret: null });
    expect(again.connection).toMatchObject({
      connectionId: first.connection.connectionId,
      webhookUrl: 'https://other.example/hooks',
    });
    expect((await world.secrets.read(first.connection.connectionId))?.value).toMatchObject({
      access_token: accessToken,
      signing_secrets: [first.secret],
    });
    expect((await ofBrand('audit-log', wish)).map(({ action }) => action)).toEqual([
      'connection.created',
      'connection.updated',
    ]);
  });
});

describe('what is refused', () => {
  test.each<[string, object, string, number]>([
    ['an expired token', { expires_in_seconds: -1 }, 'expired', 0],
    ["another app's token", { is_of_other_app: true }, 'another Meta app', 0],
    ["a person's token", { type: 'USER' }, 'a person', 0],
    ['a token without messaging', { scopes: ['whatsapp_business_management'] }, 'whatsapp_business_messaging', 0],
    ['a token for another account', { target_ids: ['100000000000001'] }, 'not given access', 0],
  ])('%s, and nothing is left', async (_what, token, words, at) => {
    const account = await world.addAccount();
    const accessToken = await world.addToken({ waba_id: account.waba_id, ...token });
    const wish = wishOf(account, { accessToken });
    const { code, message, details } = await refusalOf(wish);
    expect([code, message]).toEqual(['connection_check_failed', expect.stringContaining(words)]);
    expect(details.steps?.map(({ status }) => status)).toEqual([
      ...Array.from({ length: at }, () => 'done'),
      'failed',
      ...Array.from({ length: ONBOARDING_STEPS.length - at - 1 }, () => 'not_reached'),
    ]);
    await expectNothing(account, wish);
  });

  async function expectNothing(account: Account, wish: Wish): Promise<void> {
    expect(await ofBrand('connections', wish)).toEqual([]);
    expect(await ofBrand('claims', wish)).toEqual([]);
    expect(await ofBrand('audit-log', wish)).toEqual([]);
    expect(await world.subscribed(account)).toEqual([]);
  }

  test('a number of another account', async () => {
    const [account, other] = [await world.addAccount(), await world.addAccount()];
    const wish = wishOf({ ...account, phone_number_id: other.phone_number_id });
    expect(await refusalOf(wish)).toMatchObject({ code: 'connection_check_failed' });
    await expectNothing(account, wish);
  });

  test("another organisation's number, without a word about whose it is", async () => {
    const account = await world.addAccount();
    const theirs = await world.connect(wishOf(account));
    const wish = wishOf(account);
    const { code, message, details } = await refusalOf(wish);
    expect([code, message]).toEqual(['number_taken', 'This number is connected elsewhere.']);
    expect(JSON.stringify(details)).not.toContain(theirs.connection.brandId);
    expect(await ofBrand('connections', wish)).toEqual([]);
    expect(await world.subscribed(account)).toHaveLength(1);
  });

  test('the same number for two organisations at once: one has it', async () => {
    const account = await world.addAccount();
    const wishes = [wishOf(account), wishOf(account)];
    const ended = await Promise.allSettled(wishes.map(world.connect));
    expect(ended.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    const active = (await world.rows('connections')).filter((row) => row.phoneNumberId === account.phone_number_id);
    expect(active).toHaveLength(1);
    expect(await secretNamesOf(String(active[0]?.connectionId))).toHaveLength(1);
    expect(await world.subscribed(account)).toHaveLength(1);
  });

  test('a second number for a brand', async () => {
    const wish = wishOf(await world.addAccount());
    await world.connect(wish);
    const other = await world.addAccount();
    const second = wishOf(other, { brand: wish.brand });
    expect(await refusalOf(second)).toMatchObject({ code: 'brand_connected' });
    expect(await world.subscribed(other)).toEqual([]);
  });

  test('what fails before the connection is active is undone', async () => {
    const account = await world.addAccount();
    const wish = wishOf(account);
    const isAudit = (_call: number, what: string) => (what === 'TransactWriteCommand' ? new Error('no table') : null);
    await expect(world.request(null, isAudit).onboard(wish)).rejects.toThrow('no table');
    await expectNothing(account, wish);
    expect((await world.secretNames()).length).toBe(
      new Set((await world.rows('connections')).map(({ connectionId }) => connectionId)).size,
    );
    await expectConnectedAfter(account, wish);
  });

  const expectConnectedAfter = async (account: Account, wish: Wish) => {
    await hold(account);
    await expectConnected(account, wish, await world.connect(wish));
  };

  test('what fails afterwards is told, and does not keep the number from being connected', async () => {
    const wish = wishOf(await world.addAccount());
    const isSync = (_call: number, what: string) =>
      what === 'GET message_templates' ? new Error('Meta is down') : null;
    const result = await world.request(null, isSync).onboard(wish);
    if (result === DEAD) throw new Error('nobody was to die');
    expect(result.steps.find(({ name }) => name === 'templates_synced')).toMatchObject({ status: 'failed' });
    expect(result.secret).toMatch(/^whsec_/);
    expect(await ofBrand('connections', wish)).toMatchObject([{ status: 'active', onboardedAt: expect.any(Number) }]);
  });
});

test('neither the token nor the signing secret is anywhere but in the secret', async () => {
  const account = await world.addAccount();
  const wish = wishOf(account);
  const { secret } = await world.connect(wish);
  const tables = ['connections', 'claims', 'templates', 'events', 'endpoints', 'meta-updates', 'audit-log'];
  const all = JSON.stringify([await Promise.all(tables.map(world.rows)), world.queued]);
  expect(all).not.toContain(wish.accessToken);
  expect(all).not.toContain(secret);
  expect(all).not.toMatch(/whsec_|EAA[0-9A-Za-z]{20}/);
});
