import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SFNClient } from '@aws-sdk/client-sfn';
import { SQSClient } from '@aws-sdk/client-sqs';
import { openDatabase } from '../../../local/aws/database.ts';
import { createIam } from '../../../local/aws/iam.ts';
import { type AwsServerOptions, startAwsServer } from '../../../local/aws/server.ts';
import { virtualClock } from '../../../local/clock.ts';

export const ACCOUNT = '111111111111';
export const REGION = 'eu-central-1';

/** A server with its own clock and database; time stands still until a test advances it. */
export async function startAws(options: { path?: string } & Partial<AwsServerOptions> = {}) {
  const { path = ':memory:', ...rest } = options;
  const database = openDatabase(path);
  const clock = virtualClock(database);
  clock.setScale(0);
  const iam = createIam();
  const log: string[] = [];
  const server = await startAwsServer({
    host: '127.0.0.1',
    port: 0,
    clock,
    database,
    account: ACCOUNT,
    region: REGION,
    iam,
    dynamodbEndpoint: 'http://127.0.0.1:1',
    invokeFunction: async (name) => {
      throw new Error(`no function ${name} in this test`);
    },
    log: (line) => log.push(line),
    ...rest,
  });
  const clients: { destroy(): void }[] = [];
  const settings = (accessKeyId: string) => ({
    endpoint: server.url,
    region: REGION,
    credentials: { accessKeyId, secretAccessKey: 'never looked at' },
    maxAttempts: 1,
  });
  const kept = <Client extends { destroy(): void }>(client: Client): Client => {
    clients.push(client);
    return client;
  };
  return {
    ...server,
    clock,
    iam,
    log,
    sqsClient: (accessKeyId = 'local-admin') => kept(new SQSClient(settings(accessKeyId))),
    sfnClient: (accessKeyId = 'local-admin') => kept(new SFNClient(settings(accessKeyId))),
    secretsClient: (accessKeyId = 'local-admin') => kept(new SecretsManagerClient(settings(accessKeyId))),
    dynamodbClient: (accessKeyId = 'local-admin') => kept(new DynamoDBClient(settings(accessKeyId))),
    async stop(): Promise<void> {
      for (const client of clients) client.destroy();
      await server.stop();
      clock.stop();
      database.close();
    },
  };
}
export type TestAws = Awaited<ReturnType<typeof startAws>>;

/** Lets everything that is ready run: callbacks, promises, HTTP on loopback. */
export async function settled(turns = 3): Promise<void> {
  for (let turn = 0; turn < turns; turn += 1) await new Promise((resolve) => setTimeout(resolve, 2));
}

/** Waits for something that happens by itself soon. */
export async function until(isTrue: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = performance.now() + 5000;
  while (!(await isTrue())) {
    if (performance.now() > deadline) throw new Error('it did not happen within 5 s');
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}

export function temporaryDirectory() {
  const path = mkdtempSync(join(tmpdir(), 'local-aws-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

export function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}
