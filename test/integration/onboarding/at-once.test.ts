import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Onboarded, Wish } from '../../../functions/create-connection/onboard.ts';
import { DeletedConnection } from '../../../functions/delete-connection/schema.ts';
import { type Account, DEAD, startWorld, type World, wishOf } from './world.ts';

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.stop());

/** @param meanwhile happens when Meta, or the table, has done what is named, and has not answered yet */
async function disconnect({ connection }: Onboarded, after?: string, meanwhile?: () => Promise<unknown>) {
  const { organisationId, connectionId } = connection;
  const response = await world
    .request(null, undefined, async (_call, what) => {
      if (what === after) await meanwhile?.();
      return null;
    })
    .remove({
      ...{ memberId: 'mem_1', email: 'owner@shop.example', organisationId, role: 'owner' },
      ...{ params: { id: connectionId }, query: undefined, body: undefined, requestId: 'request' },
      ...{ route: '/v1/whatsapp/connections/{id}', instance: `/connections/${connectionId}`, idempotencyKey: null },
      remainingMs: () => 29_000,
    });
  if (response === DEAD) throw new Error('nobody was to die');
  const { steps } = DeletedConnection.parse(JSON.parse(response.body));
  return steps.map(({ status }) => status);
}

/** All that an active connection needs is there. */
async function expectInUse(account: Account, { brand }: Wish): Promise<void> {
  const active = await world.connections.activeOfBrand(brand.brandId);
  expect(active).toMatchObject({ status: 'active', phoneNumberId: account.phone_number_id });
  expect(await world.secrets.read(active?.connectionId ?? '')).not.toBeNull();
  expect(await world.subscribed(account)).toHaveLength(1);
}

describe('connecting that fails undoes nothing that is in use', () => {
  const isActivation = (what: string) => what === 'TransactWriteCommand';

  test('when it was activated, and only the answer was lost', async () => {
    const account = await world.addAccount();
    const wish = wishOf(account);
    const lost = (_call: number, what: string) => (isActivation(what) ? new Error('socket hang up') : null);
    await expect(world.request(null, undefined, lost).onboard(wish)).rejects.toThrow('socket hang up');
    await expectInUse(account, wish);
    // Nobody was shown the signing secret yet.
    expect(await world.connect(wish)).toMatchObject({ isNew: true, secret: expect.stringMatching(/^whsec_/) });
  });

  test('when another request activated it with what this one had made', async () => {
    const account = await world.addAccount();
    const wish = wishOf(account);
    const overtaken = async (_call: number, what: string) => {
      if (!isActivation(what)) return null;
      await world.connect(wish);
      return new Error('throttled');
    };
    await expect(world.request(null, overtaken).onboard(wish)).rejects.toThrow('throttled');
    await expectInUse(account, wish);
  });
});

describe('deleting a connection while its number is connected again', () => {
  const UNSUBSCRIBED = 'DELETE subscribed_apps';

  test.each([
    ['before Meta is asked', 'TransactWriteCommand', ['done', 'skipped', 'skipped']],
    ['while Meta is asked', UNSUBSCRIBED, ['done', 'skipped', 'skipped']],
  ])('%s leaves it subscribed, with its secret', async (_when, after, steps) => {
    const account = await world.addAccount();
    const wish = wishOf(account);
    const first = await world.connect(wish);
    expect(await disconnect(first, after, () => world.connect(wish))).toEqual(steps);
    await expectInUse(account, wish);
  });

  test('by one who found the app subscribed, and is later than Meta: he is told to ask again', async () => {
    const account = await world.addAccount();
    const wish = wishOf(account);
    const first = await world.connect(wish);
    await disconnect(first);
    const again = world.request(null, async (_call, what) => {
      // Deleting may be repeated.
      if (what === 'TransactWriteCommand') await disconnect(first);
      return null;
    });
    await expect(again.onboard(wish)).rejects.toMatchObject({ code: 'connection_changed' });
    expect(await world.connections.activeOfBrand(wish.brand.brandId)).toBeNull();
    await world.connect(wish);
    await expectInUse(account, wish);
  });

  test('a renewal that began before brings nothing back', async () => {
    const account = await world.addAccount();
    const wish = wishOf(account);
    const first = await world.connect(wish);
    const renewal = world.request(null, async (_call, what) => {
      if (what === 'TransactWriteCommand') await disconnect(first);
      return null;
    });
    const accessToken = await world.addToken({ waba_id: account.waba_id });
    await expect(renewal.onboard({ ...wish, accessToken })).rejects.toMatchObject({ code: 'connection_changed' });
    expect(await world.connections.activeOfBrand(wish.brand.brandId)).toBeNull();
  });

  test('alone it takes all away, also when it is repeated', async () => {
    const account = await world.addAccount();
    const first = await world.connect(wishOf(account));
    expect(await disconnect(first)).toEqual(['done', 'done', 'done']);
    expect(await disconnect(first)).toEqual(['skipped', 'skipped', 'done']);
    expect(await world.secrets.read(first.connection.connectionId)).toBeNull();
    expect(await world.subscribed(account)).toEqual([]);
  });
});

test('a renewal takes back nothing that somebody changes at the same time', async () => {
  const wish = wishOf(await world.addAccount());
  const { connection } = await world.connect(wish);
  const webhookUrl = 'https://other.example/hooks';
  const { webhookUrl: _, ...renewal } = { ...wish, accessToken: await world.addToken({ waba_id: wish.wabaId }) };
  const overtaken = world.request(null, async (_call, what) => {
    if (what === 'TransactWriteCommand') await world.connections.put({ ...connection, webhookUrl });
    return null;
  });
  await expect(overtaken.onboard(renewal)).rejects.toMatchObject({ code: 'connection_changed' });
  expect(await world.connect(renewal)).toMatchObject({ connection: { webhookUrl } });
});
