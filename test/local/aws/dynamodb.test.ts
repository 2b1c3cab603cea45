import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CreateTableCommand, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import {
  BatchGetCommand,
  BatchWriteCommand,
  DeleteCommand,
  DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  type PutCommandInput,
  QueryCommand,
  ScanCommand,
  TransactGetCommand,
  TransactWriteCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { type Dynamodb, startDynamodb } from '../../../local/aws/dynamodb.ts';
import type { PolicyStatement } from '../../../local/aws/iam.ts';
import { freePort, startAws, type TestAws, temporaryDirectory, until } from './aws-fixture.ts';

let directory: ReturnType<typeof temporaryDirectory>;
let dynamodb: Dynamodb;
let aws: TestAws;
let client: DynamoDBDocumentClient;
const TABLE = 'arn:aws:dynamodb:eu-central-1:111111111111:table/events';
const TableName = 'events';
const TABLE_SHAPE = {
  TableName,
  BillingMode: 'PAY_PER_REQUEST' as const,
  AttributeDefinitions: ['pk', 'g', 'h'].map((AttributeName) => ({ AttributeName, AttributeType: 'S' as const })),
  KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' as const }],
  GlobalSecondaryIndexes: [
    {
      IndexName: 'all',
      KeySchema: [{ AttributeName: 'g', KeyType: 'HASH' as const }],
      Projection: { ProjectionType: 'ALL' as const },
    },
    {
      IndexName: 'keys',
      KeySchema: [{ AttributeName: 'h', KeyType: 'HASH' as const }],
      Projection: { ProjectionType: 'KEYS_ONLY' as const },
    },
  ],
};
const allow = (Action: string | string[], Resource: string | string[]): PolicyStatement => ({
  Effect: 'Allow',
  Action,
  Resource,
});
const as = (...statements: PolicyStatement[]) => {
  aws.iam.register('function', 'function', statements);
  return DynamoDBDocumentClient.from(aws.dynamodbClient('function'));
};

beforeAll(async () => {
  directory = temporaryDirectory();
  dynamodb = await startDynamodb({ port: await freePort(), dbPath: join(directory.path, 'dynamodb.db') });
  aws = await startAws({ dynamodbEndpoint: dynamodb.url });
  client = DynamoDBDocumentClient.from(aws.dynamodbClient());
  await client.send(new CreateTableCommand(TABLE_SHAPE));
});
afterAll(async () => {
  await aws.stop();
  await dynamodb.stop();
  directory.remove();
});
beforeEach(() => aws.calls.reset());

describe('units, as AWS documents them', () => {
  const put = (Item: Record<string, unknown>, more: Partial<PutCommandInput> = {}) =>
    new PutCommand({ TableName, Item, ...more });
  const set = (pk: string, name: string, value: unknown) =>
    new UpdateCommand({
      TableName,
      Key: { pk },
      UpdateExpression: 'SET #n = :v',
      ExpressionAttributeNames: { '#n': name },
      ExpressionAttributeValues: { ':v': value },
    });
  const units = async (sent: Promise<unknown>) => {
    // The request is on its way but not counted yet.
    aws.calls.reset();
    await sent.catch((error: Error) => {
      if (!/Condition|Transaction/.test(error.name)) throw error;
    });
    const [count] = Object.values(aws.calls.snapshot()['local-admin'] ?? {});
    return [count?.read_units, count?.write_units];
  };

  test('a write is one for each KiB, and one for each index the item is in', async () => {
    expect(await units(client.send(put({ pk: 'plain' })))).toEqual([0, 1]);
    // 'pk' + 'k1' + 'v' are 5 bytes.
    expect(await units(client.send(put({ pk: 'k1', v: 'x'.repeat(1019) })))).toEqual([0, 1]);
    expect(await units(client.send(put({ pk: 'k1', v: 'x'.repeat(1020) })))).toEqual([0, 2]);
    expect(await units(client.send(put({ pk: 'both', g: 'g', h: 'h' })))).toEqual([0, 3]);
    expect(await units(client.send(put({ pk: 'sparse', g: 'g' })))).toEqual([0, 2]);
  });

  test('an update costs an index only when what it projects changes, and twice when its key changes', async () => {
    await client.send(put({ pk: 'u', g: 'g', h: 'h', v: 1 }));
    expect(await units(client.send(set('u', 'v', 2)))).toEqual([0, 2]);
    expect(await units(client.send(set('u', 'h', 'other')))).toEqual([0, 4]);
    expect(await units(client.send(set('u', 'g', 'other')))).toEqual([0, 3]);
    expect(await units(client.send(set('u', 'g', 'other')))).toEqual([0, 1]);
    expect(await units(client.send(new DeleteCommand({ TableName, Key: { pk: 'u' } })))).toEqual([0, 3]);
    expect(await units(client.send(new DeleteCommand({ TableName, Key: { pk: 'u' } })))).toEqual([0, 1]);
  });

  test('the larger of the old and the new item counts', async () => {
    await client.send(put({ pk: 'large', v: 'x'.repeat(3000) }));
    expect(await units(client.send(put({ pk: 'large', v: 'x' })))).toEqual([0, 3]);
    expect(await units(client.send(put({ pk: 'large', v: 'x'.repeat(5000) })))).toEqual([0, 5]);
  });

  test('a failed condition costs what the write would have', async () => {
    const once = { ConditionExpression: 'attribute_not_exists(pk)' };
    await client.send(put({ pk: 'there', v: 'x'.repeat(1500) }));
    expect(await units(client.send(put({ pk: 'there' }, once)))).toEqual([0, 2]);
    expect(await units(client.send(put({ pk: 'there', v: 'x'.repeat(2500) }, once)))).toEqual([0, 3]);
    const missing = new DeleteCommand({ TableName, Key: { pk: 'none' }, ConditionExpression: 'attribute_exists(pk)' });
    expect(await units(client.send(missing))).toEqual([0, 1]);
  });

  test('a read is half of one for each 4 KiB, one when consistent, two in a transaction', async () => {
    await client.send(put({ pk: 'r', g: 'only', v: 'x'.repeat(9000) }));
    const Key = { pk: 'r' };
    expect(await units(client.send(new GetCommand({ TableName, Key })))).toEqual([1.5, 0]);
    expect(await units(client.send(new GetCommand({ TableName, Key, ConsistentRead: true })))).toEqual([3, 0]);
    expect(await units(client.send(new GetCommand({ TableName, Key: { pk: 'none' } })))).toEqual([0.5, 0]);
    expect(await units(client.send(new TransactGetCommand({ TransactItems: [{ Get: { TableName, Key } }] })))).toEqual([
      6, 0,
    ]);
    const query = {
      TableName,
      IndexName: 'all',
      KeyConditionExpression: 'g = :g',
      ExpressionAttributeValues: { ':g': 'only' },
    };
    expect(await units(client.send(new QueryCommand(query)))).toEqual([1.5, 0]);
    const RequestItems = { [TableName]: { Keys: [{ pk: 'plain' }, { pk: 'none' }] } };
    expect(await units(client.send(new BatchGetCommand({ RequestItems })))).toEqual([1, 0]);
  });

  test('a batch is the sum of its writes, a transaction twice the table, cancelled or not', async () => {
    const RequestItems = {
      [TableName]: [{ PutRequest: { Item: { pk: 'b1', g: 'g' } } }, { PutRequest: { Item: { pk: 'b2' } } }],
    };
    expect(await units(client.send(new BatchWriteCommand({ RequestItems })))).toEqual([0, 3]);
    const Put = { TableName, Item: { pk: 't1' }, ConditionExpression: 'attribute_not_exists(pk)' };
    const ConditionCheck = { TableName, Key: { pk: 'plain' }, ConditionExpression: 'attribute_exists(pk)' };
    const transaction = new TransactWriteCommand({ TransactItems: [{ Put }, { ConditionCheck }] });
    expect(await units(client.send(transaction))).toEqual([0, 4]);
    expect(await units(client.send(transaction))).toEqual([0, 4]);
  });
});

describe('the proxy', () => {
  test('answers as DynamoDB does, without what only the counting asked for', async () => {
    await client.send(new PutCommand({ TableName, Item: { pk: 'once', v: 'kept to itself' } }));
    const again = (more: object) =>
      client.send(
        new PutCommand({ TableName, Item: { pk: 'once' }, ConditionExpression: 'attribute_not_exists(pk)', ...more }),
      );
    await expect(again({})).rejects.toMatchObject({ name: 'ConditionalCheckFailedException', Item: undefined });
    await expect(again({ ReturnValuesOnConditionCheckFailure: 'ALL_OLD' })).rejects.toMatchObject({
      Item: { v: { S: 'kept to itself' } },
    });
    const lost = client.send(new GetCommand({ TableName: 'lost', Key: { pk: 'a' } }));
    await expect(lost).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });

  test('says which DynamoDB does not answer', async () => {
    const alone = await startAws();
    await expect(alone.dynamodbClient().send(new ListTablesCommand({}))).rejects.toThrow(
      'DynamoDB at http://127.0.0.1:1 does not answer',
    );
    await alone.stop();
  });
});

describe('permissions', () => {
  const Key = { pk: 'plain' };
  const query = (IndexName?: string) =>
    new QueryCommand({
      TableName,
      IndexName,
      KeyConditionExpression: IndexName ? 'g = :k' : 'pk = :k',
      ExpressionAttributeValues: { ':k': 'x' },
    });

  test('are the operation on the table', async () => {
    const reader = as(allow('dynamodb:GetItem', TABLE));
    await reader.send(new GetCommand({ TableName, Key }));
    await expect(reader.send(new PutCommand({ TableName, Item: Key }))).rejects.toMatchObject({
      name: 'AccessDeniedException',
    });
    await expect(reader.send(new GetCommand({ TableName: 'other', Key }))).rejects.toThrow('table/other');
  });

  test('on an index are its own', async () => {
    await expect(as(allow('dynamodb:Query', TABLE)).send(query('all'))).rejects.toThrow('table/events/index/all');
    await as(allow('dynamodb:Query', `${TABLE}/index/*`)).send(query('all'));
    await expect(as(allow('dynamodb:Query', `${TABLE}/index/*`)).send(query())).rejects.toThrow('dynamodb:Query');
    await expect(as(allow('dynamodb:Query', TABLE)).send(new ScanCommand({ TableName }))).rejects.toThrow('Scan');
  });

  test('of a transaction are those of its items, of a batch its own', async () => {
    const TransactItems = [
      { Put: { TableName, Item: { pk: 'x' } } },
      { ConditionCheck: { TableName, Key, ConditionExpression: 'attribute_exists(pk)' } },
    ];
    const transaction = new TransactWriteCommand({ TransactItems });
    await expect(as(allow('dynamodb:PutItem', TABLE)).send(transaction)).rejects.toThrow('ConditionCheckItem');
    await as(allow(['dynamodb:PutItem', 'dynamodb:ConditionCheckItem'], TABLE)).send(transaction);
    const batch = new BatchWriteCommand({ RequestItems: { [TableName]: [{ PutRequest: { Item: { pk: 'x' } } }] } });
    await expect(as(allow('dynamodb:PutItem', TABLE)).send(batch)).rejects.toThrow('BatchWriteItem');
  });
});

describe('dynoxide', () => {
  test('keeps every acknowledged write through kill -9, and its orphan is ended at the next start', async () => {
    const place = temporaryDirectory();
    const dbPath = join(place.path, 'dynamodb.db');
    const port = await freePort();
    const script = join(import.meta.dirname, 'put-until-killed.ts');
    const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', script, dbPath, String(port)], {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, NODE_OPTIONS: '' },
    });
    let printed = '';
    child.stdout.on('data', (chunk) => {
      printed += chunk;
    });
    await until(() => printed.split('\n').length > 100);
    const orphan = Number(readFileSync(`${dbPath}.pid`, 'utf8'));
    child.kill('SIGKILL');
    await new Promise((resolve) => child.once('close', resolve));
    expect(() => process.kill(orphan, 0)).not.toThrow();
    const acknowledged = printed.split('\n').length - 1;

    const again = await startDynamodb({ port, dbPath });
    await until(() => {
      try {
        process.kill(orphan, 0);
        return readFileSync(`/proc/${orphan}/stat`, 'utf8').includes(') Z ');
      } catch {
        return true;
      }
    });
    const through = await startAws({ dynamodbEndpoint: again.url });
    const scan = new ScanCommand({ TableName: 'killed', Select: 'COUNT' });
    const { Count } = await DynamoDBDocumentClient.from(through.dynamodbClient()).send(scan);
    expect(Count).toBeGreaterThanOrEqual(acknowledged);
    await through.stop();
    await again.stop();
    place.remove();
  });

  test('a process that only has the orphan’s number is left alone', async () => {
    const place = temporaryDirectory();
    const dbPath = join(place.path, 'dynamodb.db');
    const bystander = spawn('sleep', ['60']);
    writeFileSync(`${dbPath}.pid`, String(bystander.pid));
    const started = await startDynamodb({ port: await freePort(), dbPath });
    expect(bystander.exitCode ?? bystander.signalCode).toBeNull();
    bystander.kill();
    await started.stop();
    place.remove();
  });

  test('is not started when another DynamoDB is named', async () => {
    process.env.DYNAMODB_ENDPOINT = dynamodb.url;
    const other = await startDynamodb({ port: 1, dbPath: '/nowhere/at/all.db' });
    delete process.env.DYNAMODB_ENDPOINT;
    expect(other.url).toBe(dynamodb.url);
    await other.stop();
  });

  test('says why it does not start', async () => {
    const port = Number(new URL(dynamodb.url).port);
    await expect(startDynamodb({ port, dbPath: join(directory.path, 'second.db') })).rejects.toThrow(
      'dynoxide ended at once',
    );
  });
});
