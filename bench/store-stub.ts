// A thread of its own, so that it takes no time of what is measured. Answers as DynamoDB, SQS and Meta do.
import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { parentPort, workerData } from 'node:worker_threads';
import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import {
  DeleteCommand,
  type DeleteCommandInput,
  GetCommand,
  type GetCommandInput,
  PutCommand,
  type PutCommandInput,
  UpdateCommand,
  type UpdateCommandInput,
} from '@aws-sdk/lib-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { memoryDynamodb, type TableKeys } from '../test/support/memory-dynamodb.ts';

export type StoreStubData = {
  /** How long every call to a store or queue takes. */
  delayMs: number;
  /** Held here in memory; every other table, and every secret, is the running stack's. */
  tables: TableKeys;
  awsUrl: string;
};

type Make = (input: object) => object;
const COMMANDS: Record<string, Make> = {
  PutItem: (input) => new PutCommand(input as PutCommandInput),
  UpdateItem: (input) => new UpdateCommand(input as UpdateCommandInput),
  DeleteItem: (input) => new DeleteCommand(input as DeleteCommandInput),
  GetItem: (input) => new GetCommand(input as GetCommandInput),
};
const MARSHALLED = ['Item', 'Key', 'ExpressionAttributeValues'];

const { delayMs, tables, awsUrl } = workerData as StoreStubData;
const store = memoryDynamodb(tables);

const readAll = async (request: IncomingMessage): Promise<string> => {
  let text = '';
  for await (const chunk of request) text += chunk;
  return text;
};

function dynamodb(operation: string, body: Record<string, unknown>): object {
  const input = Object.entries(body).map(([name, value]) => [
    name,
    MARSHALLED.includes(name) ? unmarshall(value as Parameters<typeof unmarshall>[0]) : value,
  ]);
  const command = COMMANDS[operation];
  if (!command) throw new Error(`the bench's store does not know ${operation}`);
  const answer = store.run(command(Object.fromEntries(input))) as Record<string, object | undefined>;
  return Object.fromEntries(Object.entries(answer).flatMap(([name, item]) => (item ? [[name, marshall(item)]] : [])));
}

function sqs(body: { Entries?: { Id: string; MessageBody: string }[] }): object {
  const Successful = (body.Entries ?? []).map(({ Id, MessageBody }) => ({
    Id,
    MessageId: Id,
    MD5OfMessageBody: createHash('md5').update(MessageBody).digest('hex'),
  }));
  return { Successful, Failed: [] };
}

/** Its own work is within the time, not on top of it; timers are late by up to a millisecond, so the last is waited for awake. */
async function answerAt(at: number, body: object): Promise<string> {
  const text = JSON.stringify(body);
  const left = at - performance.now();
  if (left > 2) await pause(Math.floor(left - 1));
  while (performance.now() < at) await new Promise(setImmediate);
  return text;
}

async function answer(request: IncomingMessage, text: string, arrivedAt: number): Promise<string> {
  const [service = '', operation = ''] = String(request.headers['x-amz-target'] ?? '').split('.');
  // Meta's side takes no time: what is measured is what we add.
  if (service === '') return JSON.stringify({ messages: [{ id: `wamid.${process.hrtime.bigint()}` }], contacts: [] });
  const body = JSON.parse(text);
  const at = arrivedAt + delayMs;
  if (service === 'AmazonSQS') return answerAt(at, sqs(body));
  if (service.startsWith('DynamoDB') && body.TableName in tables) return answerAt(at, dynamodb(operation, body));
  const kept = ['x-amz-target', 'x-amz-date', 'content-type', 'authorization'];
  const headers = Object.fromEntries(kept.map((name) => [name, String(request.headers[name])]));
  const passed = await fetch(awsUrl, { method: 'POST', headers, body: text });
  const answered = await passed.text();
  if (!passed.ok) throw new Error(`${operation}: ${answered}`);
  return answered;
}

const server = createServer(async (request, response) => {
  const arrivedAt = performance.now();
  try {
    const body = await answer(request, await readAll(request), arrivedAt);
    response.writeHead(200, { 'content-type': 'application/x-amz-json-1.0' }).end(body);
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) {
      console.error(error);
      response.writeHead(500).end();
      return;
    }
    const body = { __type: `com.amazonaws.dynamodb.v20120810#${error.name}`, message: error.message, Item: error.Item };
    response.writeHead(400, { 'content-type': 'application/x-amz-json-1.0' }).end(JSON.stringify(body));
  }
});
server.listen(0, '127.0.0.1', () => {
  parentPort?.postMessage(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
});
