import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Onboarded, Wish } from '../../../functions/create-connection/onboard.ts';
import { type Account, DEAD, startWorld, type World, wishOf } from './world.ts';

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.stop());

async function connect(wish: Wish): Promise<Onboarded> {
  const result = await world.request(null).onboard(wish);
  if (result === DEAD) throw new Error('nobody was to die');
  return result;
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
    expect(await connect(wish)).toMatchObject({ isNew: true, secret: expect.stringMatching(/^whsec_/) });
  });

  test('when another request activated it with what this one had made', async () => {
    const account = await world.addAccount();
    const wish = wishOf(account);
    const overtaken = async (_call: number, what: string) => {
      if (!isActivation(what)) return null;
      await connect(wish);
      return new Error('throttled');
    };
    await expect(world.request(null, overtaken).onboard(wish)).rejects.toThrow('throttled');
    await expectInUse(account, wish);
  });
});
