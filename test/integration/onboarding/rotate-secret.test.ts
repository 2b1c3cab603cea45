import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { ApiError } from '../../../shared/errors.ts';
import type { ConnectionParams } from '../../../shared/http/connection-fields.ts';
import type { UserRequest } from '../../../shared/http/user-handler.ts';
import { DEAD, startWorld, type World, wishOf } from './world.ts';

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.stop());

/** Longer than a function that rotates may live. */
const DEAD_BY_THEN_MS = 60_000;

async function connected() {
  const wish = wishOf(await world.addAccount());
  const made = await world.request(null).onboard(wish);
  if (made === DEAD) throw new Error('nobody was to die');
  const { connectionId } = made.connection;
  return {
    organisationId: wish.brand.organisationId,
    connectionId,
    first: made.secret,
    secrets: async () => (await world.secrets.read(connectionId))?.value.signing_secrets,
    lines: async () =>
      (await world.rows('audit-log')).filter(
        ({ organisationId, action }) =>
          organisationId === wish.brand.organisationId && action === 'connection.secret_rotated',
      ).length,
  };
}
type Connected = Awaited<ReturnType<typeof connected>>;

const asking = (
  { organisationId, connectionId }: Connected,
  idempotencyKey: string | null,
): UserRequest<unknown, ConnectionParams> => ({
  ...{ memberId: 'mem_1', email: 'owner@shop.example', organisationId, role: 'owner' },
  ...{ params: { id: connectionId }, query: undefined, body: undefined, requestId: 'request' },
  ...{ route: '/v1/whatsapp/connections/{id}/rotate-secret', instance: `/connections/${connectionId}/rotate-secret` },
  idempotencyKey,
  remainingMs: () => 29_000,
});

/** @returns the secret that was shown; null in a repetition; the code of a refusal */
async function rotate(of: Connected, key: string | null): Promise<string | null> {
  try {
    const response = await world.request(null).rotate(asking(of, key));
    if (response === DEAD) throw new Error('nobody was to die');
    return JSON.parse(response.body).secret;
  } catch (error) {
    if (error instanceof ApiError) return error.code;
    throw error;
  }
}

describe('rotating a signing secret', () => {
  test('repeated with its Idempotency-Key throws away nothing that was shown', async () => {
    const one = await connected();
    const shown = await rotate(one, 'key');
    expect(shown).toMatch(/^whsec_/);
    expect(await rotate(one, 'key')).toBeNull();
    expect(await one.secrets()).toEqual([one.first, shown]);
    expect(await one.lines()).toBe(1);
    const other = await connected();
    expect(await rotate({ ...other, organisationId: one.organisationId }, 'key')).toBe('connection_not_found');
    expect(await rotate(one, 'another')).toMatch(/^whsec_/);
    expect((await one.secrets())?.[1]).not.toBe(shown);
  });

  test('killed before or after any call, and repeated: what was shown is what signs, and there is a line of it', async () => {
    const calls = world.request(null);
    await calls.rotate(asking(await connected(), 'key'));
    const names = calls.names();
    expect(names).toEqual([
      'GetCommand',
      'PutCommand',
      'GetSecretValueCommand',
      'TransactWriteCommand',
      'PutSecretValueCommand',
      'UpdateCommand',
    ]);
    for (const call of names.keys()) {
      for (const when of ['before', 'after'] as const) {
        const one = await connected();
        expect(await world.request({ call: call + 1, when }).rotate(asking(one, 'key'))).toBe(DEAD);
        const hasBegun = call > 1 || (call === 1 && when === 'after');
        const isOver = call === names.length - 1 && when === 'after';
        // While the dead one may still live, nobody does it beside him.
        if (hasBegun && !isOver) expect(await rotate(one, 'key')).toBe('idempotency_in_progress');
        world.pass(DEAD_BY_THEN_MS);
        const shown = await rotate(one, 'key');
        // Only where the answer alone was lost there is none to show: who wants one rotates again.
        expect([names[call], when, shown === null]).toEqual([names[call], when, isOver]);
        const [primary, fresh] = (await one.secrets()) ?? [];
        expect(primary).toBe(one.first);
        if (shown !== null) expect(fresh).toBe(shown);
        expect(await rotate(one, 'key')).toBeNull();
        expect((await one.secrets())?.[1]).toBe(fresh);
        expect(await one.lines()).toBeGreaterThan(0);
      }
    }
  });

  test('twice at once with one key, and with none: whatever was shown last is in the vault', async () => {
    const one = await connected();
    const [a, b] = await Promise.all([rotate(one, 'key'), rotate(one, 'key')]);
    const shown = [a, b].filter((secret) => secret?.startsWith('whsec_'));
    expect(shown).toHaveLength(1);
    expect(await one.secrets()).toEqual([one.first, shown[0]]);

    const two = await connected();
    const answers = await Promise.all([rotate(two, null), rotate(two, null), rotate(two, null)]);
    expect(answers.filter((secret) => secret === 'connection_changed')).toHaveLength(2);
    expect(answers).toContain((await two.secrets())?.[1]);
  });

  test('of two who change the same value the second is refused', async () => {
    const one = await connected();
    const before = await world.secrets.read(one.connectionId);
    if (!before) throw new Error('there is no secret');
    expect(await world.secrets.replace(one.connectionId, before, { ...before.value, token_set_at: 1 })).toBe(true);
    expect(await world.secrets.replace(one.connectionId, before, { ...before.value, token_set_at: 2 })).toBe(false);
    expect((await world.secrets.read(one.connectionId))?.value.token_set_at).toBe(1);
  });
});
