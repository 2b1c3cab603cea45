import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { newKey } from '../../../shared/keys/new-key.ts';
import { type ApiKey, apiKeyStore } from '../../../shared/store/api-key-store.ts';
import { writeAll } from '../../../shared/store/transaction.ts';
import { realDynamodb } from '../../support/real-dynamodb.ts';

const NOW = Date.UTC(2026, 10, 22, 12);

let database: Awaited<ReturnType<typeof realDynamodb>>;
beforeAll(async () => {
  database = await realDynamodb({ 'api-keys': ['keyId'] });
}, 60_000);
afterAll(() => database?.stop());

const minted = (change: Partial<ApiKey> = {}) => {
  const order = { name: 'Signup', mode: 'live' as const, scopes: ['whatsapp:send_otp', 'whatsapp:reply'] };
  const key = newKey(order as Parameters<typeof newKey>[0], { version: '1', pepper: 'pepper-of-the-test' }, NOW).key;
  return { ...key, brandId: 'brd_a', ...change };
};

test.each<[string, Partial<ApiKey>, Partial<ApiKey>]>([
  ['scopes', {}, { scopes: ['whatsapp:reply'] }],
  ['countries', { otpCountries: ['DE', 'FR'] }, { otpCountries: ['DE'] }],
  ['a limit that it had not', {}, { requestsPerMinute: 10 }],
  ['a limit that it has no more', { requestsPerMinute: 10 }, { requestsPerMinute: undefined }],
  ['an end', {}, { expiresAt: NOW + 1000 }],
])('who changes %s while a key is rolled is not undone by the roll', async (_what, as, change) => {
  const keys = apiKeyStore(database.client, 'api-keys');
  const read = minted(as);
  await keys.insert(read);
  const heir = minted(as);
  const roll = () => writeAll(database.client, [keys.inserting(heir), keys.rolling(read, NOW + 1000, heir.keyId)]);
  expect(await writeAll(database.client, [keys.changing(read, change)])).toEqual([]);
  expect(await roll()).toEqual([1]);
  expect(await keys.get(heir.keyId)).toBeNull();
  expect(await keys.get(read.keyId)).toEqual(JSON.parse(JSON.stringify({ ...read, ...change })));
});

test('one that nobody changed is rolled once', async () => {
  const keys = apiKeyStore(database.client, 'api-keys');
  const read = minted({ otpCountries: ['DE'] });
  await keys.insert(read);
  const [heir, second] = [minted(), minted()];
  const roll = (to: ApiKey) =>
    writeAll(database.client, [keys.inserting(to), keys.rolling(read, NOW + 1000, to.keyId)]);
  expect([await roll(heir), await roll(second)]).toEqual([[], [1]]);
  expect(await keys.get(read.keyId)).toMatchObject({ revokedBecause: 'rolled', rolledTo: heir.keyId });
});
