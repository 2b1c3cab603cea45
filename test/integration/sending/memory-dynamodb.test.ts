import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import fc from 'fast-check';
import { brandShard, newId } from '../../../shared/ids.ts';
import { idempotencyStore } from '../../../shared/store/idempotency-store.ts';
import { messageStore } from '../../../shared/store/message-store.ts';
import { silentMessageStore } from '../../../shared/store/silent-message-store.ts';
import { memoryDynamodb } from '../../support/memory-dynamodb.ts';
import { realDynamodb } from '../../support/real-dynamodb.ts';

const TABLES = { idempotency: ['id'], messages: ['brandShard', 'messageId'] };
const BRAND = 'brd_1';
const NOW = Date.UTC(2026, 0, 1);

jest.setTimeout(60_000);

let real: Awaited<ReturnType<typeof realDynamodb>>;
beforeAll(async () => {
  real = await realDynamodb(TABLES);
});
afterAll(() => real?.stop());

/** One operation of the stores, named by numbers: which, by whom, at what time. */
type Move = { operation: number; owner: number; at: number };

const storesOver = (client: DynamoDBDocumentClient) => ({
  idempotency: idempotencyStore(client, 'idempotency'),
  messages: messageStore(client, 'messages'),
  silent: silentMessageStore(client, 'messages'),
});

async function play(
  { idempotency, messages, silent }: ReturnType<typeof storesOver>,
  move: Move,
  run: string,
  messageId: string,
) {
  const ownerId = `owner-${move.owner}`;
  const createdAt = NOW + move.at * 20_000_000;
  const mine = { id: run, ownerId, ownerUntil: createdAt + 1000, fingerprint: 'f', messageId, createdAt };
  const id = { brandId: BRAND, messageId };
  const status = { waMessageId: `wamid.${run}`, direction: 'outbound' as const };
  const read = async () => (await messages.getMany([id]))[0];
  switch (move.operation) {
    case 0:
      return idempotency.reserve(mine);
    case 1: {
      const before = await idempotency.find(run, createdAt);
      return before && idempotency.takeOver(before, mine);
    }
    case 2:
      return idempotency.release(mine);
    case 3:
      return idempotency.keepUnresolved(mine);
    case 4:
      return idempotency.complete(mine, { statusCode: 200, body: '{}' });
    case 5:
      return messages.dispatch({
        ...id,
        direction: 'outbound',
        senderId: ownerId,
        senderUntil: createdAt,
        contact: '1',
      });
    case 6:
      return messages.conclude(id, { acceptedAt: createdAt, waMessageId: `wamid.${run}` });
    case 7:
      return messages.conclude(id, { outcomeUnknownAt: createdAt });
    case 8:
      return messages.takeBack({ ...id, senderId: ownerId });
    case 9:
      return messages.recordStatus(id, 'delivered', createdAt, status, { isUnresolved: move.owner === 0 });
    case 10: {
      const message = await read();
      return message?.senderId === undefined ? null : messages.markUnknown(message, createdAt);
    }
    default: {
      const found = await silent.find(brandShard(BRAND, messageId), { from: NOW, to: NOW + 1000, now: createdAt });
      // Those of earlier runs are there too.
      return found.filter((message) => message.messageId === messageId);
    }
  }
}

/** The model checker's database answers as DynamoDB does: the same moves, one after the other, on both. */
test('the database in memory and DynamoDB give the same answers and end with the same items', async () => {
  let run = 0;
  const move = fc.record({ operation: fc.nat({ max: 11 }), owner: fc.nat({ max: 1 }), at: fc.nat({ max: 9 }) });
  await fc.assert(
    fc.asyncProperty(fc.array(move, { minLength: 5, maxLength: 15 }), async (moves) => {
      const name = `run-${run++}`;
      const messageId = newId('msg', NOW);
      const memory = memoryDynamodb(TABLES);
      const pair = [storesOver(memory.client(async (_command, go) => go())), storesOver(real.client)] as const;
      for (const [index, one] of moves.entries()) {
        const [mine, theirs] = await Promise.all(
          pair.map((stores) => play(stores, one, name, messageId).catch((error: Error) => error.message)),
        );
        expect([index, one.operation, mine]).toEqual([index, one.operation, theirs]);
      }
      const [mine, theirs] = await Promise.all(
        pair.map(async ({ idempotency, messages }) => [
          await idempotency.find(name, NOW),
          await messages.getMany([{ brandId: BRAND, messageId }]),
        ]),
      );
      expect(mine).toEqual(theirs);
    }),
    { numRuns: 150, includeErrorInReport: true },
  );
});
