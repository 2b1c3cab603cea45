import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Wish } from '../../../functions/create-connection/onboard.ts';
import { CreateConnectionBody } from '../../../functions/create-connection/schema.ts';
import { startWorld, type World, wishOf } from './world.ts';

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.stop());

/** Asked for again with the ids and another token, and nothing else. */
const renewalOf = async ({ brand, wabaId, phoneNumberId, by }: Wish): Promise<Wish> => ({
  ...{ brand, wabaId, phoneNumberId, by },
  accessToken: await world.addToken({ waba_id: wabaId }),
});

test('a request that names no more than ids and token says nothing of the rest', () => {
  const named = {
    brand_id: 'brd_01KB2M5ZC0N7Q1V9T3X5Y7Z9A1',
    waba_id: '100000000000001',
    phone_number_id: '300000000000001',
    access_token: 'x'.repeat(60),
  };
  expect(CreateConnectionBody.parse(named)).toEqual(named);
});

test('a connection gets the six event types of the product page, if nobody asks for others', async () => {
  const { connection } = await world.connect(await renewalOf(wishOf(await world.addAccount())));
  expect(connection).toMatchObject({ webhookUrl: null, defaultOtpTemplate: null });
  expect([...connection.eventFilter].sort()).toEqual([
    'call.received',
    'message.delivered',
    'message.failed',
    'message.read',
    'message.received',
    'template.status_changed',
  ]);
});

test('again with a fresh token and nothing else keeps URL, filter, template and signing secret', async () => {
  const wish = wishOf(await world.addAccount(), { eventFilter: ['message.failed'], defaultOtpTemplate: 'signup_otp' });
  const first = await world.connect(wish);
  const renewal = await renewalOf(wish);
  const again = await world.connect(renewal);
  const kept = {
    webhookUrl: 'https://shop.example/hooks',
    eventFilter: ['message.failed'],
    defaultOtpTemplate: 'signup_otp',
  };
  expect(again).toMatchObject({ isNew: false, secret: null, connection: kept });
  expect(await world.connections.get(first.connection.connectionId)).toMatchObject(kept);
  expect((await world.secrets.read(first.connection.connectionId))?.value).toMatchObject({
    access_token: renewal.accessToken,
    signing_secrets: [first.secret],
  });
});

test('what is named as null goes', async () => {
  const wish = wishOf(await world.addAccount(), { defaultOtpTemplate: 'signup_otp' });
  await world.connect(wish);
  const { connection } = await world.connect({
    ...(await renewalOf(wish)),
    webhookUrl: null,
    defaultOtpTemplate: null,
  });
  expect(connection).toMatchObject({ webhookUrl: null, defaultOtpTemplate: null });
});

test('another URL enables the endpoint that the one before had disabled, and releases what was held', async () => {
  const wish = wishOf(await world.addAccount());
  const { connection } = await world.connect(wish);
  const disabled = await world.endpoints.disable(connection, 'gone', world.now());

  // The same URL says nothing about the endpoint.
  await world.connect(await renewalOf(wish));
  expect(await world.endpoints.get(connection)).toEqual(disabled);

  const moving = world.request(null);
  await moving.onboard({ ...(await renewalOf(wish)), webhookUrl: 'https://other.example/hooks' });
  expect(await world.endpoints.get(connection)).toMatchObject({ state: 'closed', heldFrom: disabled?.heldFrom });
  expect(moving.names()).toContain('StartExecution');
});
