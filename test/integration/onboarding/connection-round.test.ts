import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { connectionRound } from '../../../shared/connection-round.ts';
import { checkpointStore } from '../../../shared/store/checkpoint-store.ts';
import { type Connection, connectionStore } from '../../../shared/store/connection-store.ts';
import { realDynamodb } from '../../support/real-dynamodb.ts';

let database: Awaited<ReturnType<typeof realDynamodb>>;
beforeAll(async () => {
  database = await realDynamodb({ connections: ['connectionId'], checkpoints: ['job'] });
}, 60_000);
afterAll(() => database?.stop());

const MINUTE_MS = 60_000;
const connection = (index: number): Connection => ({
  ...{ connectionId: `con_${index}`, brandId: `brd_${index}`, organisationId: 'org_a', status: 'active' },
  ...{ phoneNumberId: `1${index}`, wabaId: `2${index}`, secretArn: 'arn:', webhookUrl: null, eventFilter: [] },
  ...{ defaultOtpTemplate: null, createdAt: 0 },
});

test('a run that has no time left stops, and the next ones go on there until all were looked at', async () => {
  const all = Array.from({ length: 50 }, (_, index) => connection(index));
  for (const Item of all) await database.client.send(new PutCommand({ TableName: 'connections', Item }));
  const round = connectionRound({
    job: 'look',
    connections: connectionStore(database.client, 'connections'),
    checkpoints: checkpointStore(database.client, 'checkpoints'),
  });
  /** One run of 15 minutes, in which each connection takes half a minute. */
  const run = async (): Promise<string[]> => {
    let remainingMs = 15 * MINUTE_MS;
    const seen: string[] = [];
    const look = async ({ connectionId }: Connection) => {
      seen.push(connectionId);
      remainingMs -= MINUTE_MS / 2;
    };
    await round(look, () => remainingMs);
    return seen;
  };
  const [first, second, third] = [await run(), await run(), await run()];
  expect([first.length, second.length]).toEqual([32, 18]);
  expect([...first, ...second].sort()).toEqual(all.map(({ connectionId }) => connectionId).sort());
  // The round is over: it begins anew.
  expect(third).toEqual(first);
});
