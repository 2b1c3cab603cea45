import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { ListSecretsCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { DynamoDBDocumentClient, ScanCommand } from '@aws-sdk/lib-dynamodb';
import { afterActivation } from '../../../functions/create-connection/after-activation.ts';
import { type Onboarded, onboard, type Wish } from '../../../functions/create-connection/onboard.ts';
import { deleteConnection } from '../../../functions/delete-connection/delete-connection.ts';
import { rotateSigningSecret } from '../../../functions/rotate-secret/rotate-secret.ts';
import { startDynamodb } from '../../../local/aws/dynamodb.ts';
import { actOnce } from '../../../shared/audit/act-once.ts';
import { changeLog } from '../../../shared/audit/change-log.ts';
import { DEFAULT_EVENT_FILTER } from '../../../shared/events/event-types.ts';
import { replayUnrouted } from '../../../shared/events/replay-unrouted.ts';
import { newId } from '../../../shared/ids.ts';
import { accountCalls } from '../../../shared/meta/account-calls.ts';
import { graphClient } from '../../../shared/meta/graph-client.ts';
import { liveChecks } from '../../../shared/onboarding/live-checks.ts';
import { claimStore } from '../../../shared/store/claim-store.ts';
import { connectionSecrets } from '../../../shared/store/connection-secrets.ts';
import { connectionStore } from '../../../shared/store/connection-store.ts';
import { endpointStore } from '../../../shared/store/endpoint-store.ts';
import { eventStore } from '../../../shared/store/event-store.ts';
import { idempotencyStore } from '../../../shared/store/idempotency-store.ts';
import { metaUpdateStore } from '../../../shared/store/meta-update-store.ts';
import { templateStore } from '../../../shared/store/template-store.ts';
import { syncTemplates } from '../../../shared/templates/sync.ts';
import type { Delivery } from '../../../shared/webhooks/delivery.ts';
import { enableEndpoint, endpointControl } from '../../../shared/webhooks/endpoint-control.ts';
import { freePort, startAws } from '../../local/aws/aws-fixture.ts';
import { GRAPH_VERSION, startSimulation } from '../../local/meta-simulator/support.ts';

/** Table → its key, and its indexes by name. */
const TABLES: Record<string, { key: string[]; indexes?: Record<string, string> }> = {
  connections: {
    key: ['connectionId'],
    indexes: { byBrand: 'brandId', byPhoneNumberId: 'phoneNumberId', byWaba: 'wabaId' },
  },
  claims: { key: ['claim'] },
  templates: { key: ['wabaId', 'nameLanguage'] },
  events: { key: ['brandShard', 'eventId'] },
  endpoints: { key: ['connectionId'] },
  'meta-updates': { key: ['ownerShard', 'itemId'] },
  'audit-log': { key: ['organisationId', 'entryId'] },
  idempotency: { key: ['id'] },
};

export type Account = { waba_id: string; phone_number_id: string; access_token: string };

/** Where a run is to die: at its so many-th call to anything outside, counted from 1. `null`: it lives. */
export type Death = { call: number; when: 'before' | 'after' } | null;

/** What a run that died leaves: nothing of it goes on, not even what undoes its steps. */
export const DEAD = Symbol('dead');

/** What happens in a run, counted from 1, when it is about to call the outside, and when that has answered. */
type Meddling = (call: number, what: string) => Error | null | Promise<Error | null>;
const NOTHING: Meddling = () => null;

export type World = Awaited<ReturnType<typeof startWorld>>;

/** Real stores over DynamoDB, Secrets Manager on the wire, and Meta's simulator: everything that onboarding touches. */
export async function startWorld() {
  const directory = mkdtempSync(path.join(tmpdir(), 'onboarding-'));
  const dynamodb = await startDynamodb({ port: await freePort(), dbPath: path.join(directory, 'dynamodb.db') });
  const aws = await startAws({ dynamodbEndpoint: dynamodb.url });
  const simulation = await startSimulation();
  const config = { region: 'eu-central-1', credentials: { accessKeyId: 'local-admin', secretAccessKey: 'local' } };
  const plain = new DynamoDBClient({ ...config, endpoint: dynamodb.url, maxAttempts: 1 });
  for (const [TableName, { key, indexes = {} }] of Object.entries(TABLES))
    await makeTable(plain, TableName, key, indexes);
  const documents = DynamoDBDocumentClient.from(plain, { marshallOptions: { removeUndefinedValues: true } });
  const secretsManager = new SecretsManagerClient({ ...config, endpoint: aws.url, maxAttempts: 1 });

  const queued: { deliveries: Delivery[]; inbound: string[] } = { deliveries: [], inbound: [] };
  let time = simulation.clock.now();
  const now = () => time++;

  /**
   * One request, on clients that die with it.
   * @param fail an error of its takes the call's place @param lose an error of its takes the place of the answer
   */
  function request(death: Death, fail = NOTHING, lose = NOTHING) {
    let calls = 0;
    const names: string[] = [];
    const { promise: died, resolve: die } = Promise.withResolvers<typeof DEAD>();
    const forever = new Promise<never>(() => {});
    const gate = async <T>(what: string, run: () => Promise<T>): Promise<T> => {
      calls += 1;
      names.push(what);
      const isMine = death?.call === calls;
      const perish = (): Promise<never> => {
        die(DEAD);
        return forever;
      };
      if (isMine && death.when === 'before') return perish();
      const call = calls;
      const failure = await fail(call, what);
      if (failure) throw failure;
      const result = run();
      if (isMine) {
        await result.catch(() => {});
        return perish();
      }
      const answer = await result;
      const loss = await lose(call, what);
      if (loss) throw loss;
      return answer;
    };
    const gated = <Client extends { send: (command: never) => Promise<unknown> }>(client: Client): Client =>
      Object.assign(Object.create(Object.getPrototypeOf(client)), client, {
        send: (command: { constructor: { name: string } }) =>
          gate(command.constructor.name, () => client.send(command as never)),
      });
    const store = gated(documents);
    const secrets = connectionSecrets(gated(secretsManager), 'test');
    const client = graphClient({
      baseUrl: simulation.meta.url,
      version: GRAPH_VERSION,
      timeoutMs: 5000,
      now: Date.now,
    });
    const graph: typeof client = {
      ...client,
      call: ((...args: Parameters<typeof client.call>) =>
        gate(`${args[1]} ${args[2].split('?')[0]?.split('/').at(-1)}`, () =>
          client.call(...args),
        )) as typeof client.call,
      listTemplates: (...args) => gate('GET message_templates', () => client.listTemplates(...args)),
    };
    const accounts = accountCalls(graph);
    const connections = connectionStore(store, 'connections');
    const endpoints = endpointStore(store, 'endpoints');
    const changes = changeLog(store, 'audit-log', now);
    const watched = { endpoints, startWatch: () => gate('StartExecution', async () => {}), now };
    const control = endpointControl(watched);
    const run = onboard({
      checks: liveChecks({ accounts, appId: simulation.meta.appId, now }),
      accounts,
      appId: simulation.meta.appId,
      secrets,
      claims: claimStore(store, 'claims'),
      connections,
      endpoints,
      control,
      changes,
      after: afterActivation({
        sync: syncTemplates({ graph, templates: templateStore(store, 'templates'), now }),
        events: eventStore(store, 'events'),
        endpoints,
        enable: enableEndpoint(watched),
        control,
        enqueue: (delivery) => gate('SendMessage delivery', async () => void queued.deliveries.push(delivery)),
        replay: replayUnrouted({
          metaUpdates: metaUpdateStore(store, 'meta-updates'),
          enqueue: (messages) =>
            gate('SendMessage inbound', async () => void queued.inbound.push(...messages.map(({ text }) => text))),
          now,
        }),
        syncLimitMs: 5000,
        now,
      }),
      now,
    });
    const rotate = rotateSigningSecret({
      connections,
      secrets,
      changes,
      once: actOnce({
        idempotency: idempotencyStore(store, 'idempotency'),
        signingKey: async () => 'a key of sixteen characters',
        now,
      }),
      now,
    });
    const remove = deleteConnection({
      ...{ connections, secrets, accounts, changes, now },
      claims: claimStore(store, 'claims'),
    });
    return {
      remove: (of: Parameters<typeof remove>[0]) => Promise.race([remove(of), died]),
      rotate: (of: Parameters<typeof rotate>[0]) => Promise.race([rotate(of), died]),
      onboard: (wish: Wish) => Promise.race([run(wish), died]),
      calls: () => calls,
      names: () => names,
    };
  }

  const rows = async (TableName: string): Promise<Record<string, unknown>[]> =>
    (await documents.send(new ScanCommand({ TableName, ConsistentRead: true }))).Items ?? [];

  return {
    simulation,
    documents,
    queued,
    now,
    /** Later by so much. */
    pass: (ms: number) => {
      time += ms;
    },
    request,
    /** A request of which nobody dies. */
    async connect(wish: Wish): Promise<Onboarded> {
      const result = await request(null).onboard(wish);
      if (result === DEAD) throw new Error('nobody was to die');
      return result;
    },
    rows,
    metaUpdates: metaUpdateStore(documents, 'meta-updates'),
    connections: connectionStore(documents, 'connections'),
    endpoints: endpointStore(documents, 'endpoints'),
    secrets: connectionSecrets(secretsManager, 'test'),
    /** Names of all secrets that are not on their way out. */
    secretNames: async () =>
      ((await secretsManager.send(new ListSecretsCommand({}))).SecretList ?? []).map(({ Name }) => Name),
    /** A customer of Meta's whom nobody has connected. */
    addAccount: async (): Promise<Account> =>
      (await simulation.call<Account>('POST', '/_accounts', { is_bare: true })).body,
    addToken: async (wish: object): Promise<string> =>
      (await simulation.call<{ access_token: string }>('POST', '/_tokens', wish)).body.access_token,
    subscribed: async ({ waba_id, access_token }: Account) =>
      (await simulation.graph('GET', `${waba_id}/subscribed_apps`, undefined, access_token)).body.data,
    async stop(): Promise<void> {
      plain.destroy();
      secretsManager.destroy();
      await Promise.all([aws.stop(), simulation.stop(), dynamodb.stop()]);
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

/** @param organisationId whose brand it is for; the brand is a new one */
export function wishOf(account: Account, change: Partial<Wish> & { organisationId?: string } = {}): Wish {
  const { organisationId = newId('org', Date.now()), ...rest } = change;
  return {
    wabaId: account.waba_id,
    phoneNumberId: account.phone_number_id,
    accessToken: account.access_token,
    brand: { brandId: newId('brd', Date.now()), organisationId, createdAt: Date.now() },
    webhookUrl: 'https://shop.example/hooks',
    eventFilter: [...DEFAULT_EVENT_FILTER],
    defaultOtpTemplate: null,
    by: {
      actor: { kind: 'member', id: 'mem_1', email: 'owner@shop.example' },
      organisationId,
      requestId: '0b8e6d2e-3f0c-4f6d-9a51-6a6d5c1e7f10',
    },
    ...rest,
  };
}

const makeTable = (client: DynamoDBClient, TableName: string, key: string[], indexes: Record<string, string>) =>
  client.send(
    new CreateTableCommand({
      TableName,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [...key, ...Object.values(indexes)].map((AttributeName) => ({
        AttributeName,
        AttributeType: 'S',
      })),
      KeySchema: key.map((AttributeName, i) => ({ AttributeName, KeyType: i === 0 ? 'HASH' : 'RANGE' })),
      ...(Object.keys(indexes).length === 0
        ? {}
        : {
            GlobalSecondaryIndexes: Object.entries(indexes).map(([IndexName, AttributeName]) => ({
              IndexName,
              KeySchema: [{ AttributeName, KeyType: 'HASH' }],
              Projection: { ProjectionType: 'KEYS_ONLY' },
            })),
          }),
    }),
  );
