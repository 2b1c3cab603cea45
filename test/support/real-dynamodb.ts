import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { startDynamodb } from '../../local/aws/dynamodb.ts';
import type { TableKeys } from './memory-dynamodb.ts';

/** A DynamoDB of the test's own (dynoxide, or the one that `DYNAMODB_ENDPOINT` names), with these tables. */
export async function realDynamodb(tables: TableKeys) {
  const directory = mkdtempSync(path.join(tmpdir(), 'dynamodb-'));
  const { url, stop } = await startDynamodb({ port: await freePort(), dbPath: path.join(directory, 'dynamodb.db') });
  const dynamodb = new DynamoDBClient({
    endpoint: url,
    region: 'eu-central-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 1,
  });
  for (const [TableName, names] of Object.entries(tables)) {
    await dynamodb.send(
      new CreateTableCommand({
        TableName,
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: names.map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
        KeySchema: names.map((AttributeName, i) => ({ AttributeName, KeyType: i === 0 ? 'HASH' : 'RANGE' })),
      }),
    );
  }
  return {
    client: DynamoDBDocumentClient.from(dynamodb, { marshallOptions: { removeUndefinedValues: true } }),
    async stop(): Promise<void> {
      dynamodb.destroy();
      await stop();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const probe = createServer();
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
