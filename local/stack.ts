import { mkdirSync } from 'node:fs';
import path from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { buildApiModels } from './api-gateway/model.ts';
import { type ApiGateway, startApiGateway } from './api-gateway/server.ts';
import type { Gateways } from './aws/api-gateway.ts';
import { openDatabase } from './aws/database.ts';
import { type Dynamodb, startDynamodb } from './aws/dynamodb.ts';
import { grantLog } from './aws/grant-log.ts';
import { createIam, type Iam } from './aws/iam.ts';
import { type AwsServer, startAwsServer } from './aws/server.ts';
import { type Clock, virtualClock } from './clock.ts';
import { buildDistribution } from './edge/distribution.ts';
import { type Edge, startEdge } from './edge/server.ts';
import { type Identity, issuerAt } from './identity/server.ts';
import { createLambda, type Lambda } from './lambda/lambda.ts';
import { shareClock } from './lambda/virtual-time.ts';
import { type MetaSimulator, startMetaSimulator } from './meta-simulator/server.ts';
import { HOST } from './ports.ts';
import { type Seed, seed } from './seed.ts';
import { loadAssembly } from './template/assembly.ts';
import { type Deployment, resolveDeployment } from './template/deployment.ts';
import { provisionBuckets } from './template/provision/buckets.ts';
import { provisionFunctions, startEventSourceMappings, startSchedules } from './template/provision/functions.ts';
import { provisionIdentity } from './template/provision/identity.ts';
import { provisionQueues } from './template/provision/queues.ts';
import { accessKeyIdOf, provisionPrincipals } from './template/provision/roles.ts';
import { provisionSecrets } from './template/provision/secrets.ts';
import { provisionTables, tablesOf } from './template/provision/tables.ts';
import { startTenantReceiver, type TenantReceiver } from './tenant-receiver/server.ts';

/** Where the templates leave account and region open. */
const DEFAULT_ACCOUNT = '111111111111';
const DEFAULT_REGION = 'us-east-1';

export type Ports = {
  api: number;
  control: number;
  aws: number;
  dynamodb: number;
  meta: number;
  receiver: number;
  edge: number;
  identity: number;
};

export type LocalStackOptions = {
  /** The cloud assembly: what `cdk synth` wrote. */
  assembly: string;
  /** When its site's files are there, if they are not yet. */
  site?: Promise<unknown>;
  /** Everything that outlives a restart, and logs. */
  stateDir: string;
  /** 0 takes any free one, except for DynamoDB, which is a process of its own, and the identity provider, whose tokens name it. */
  ports: Ports;
  /** Virtual seconds per real second. @default 1 */
  scale?: number;
  /** Without the demo organisation. @default false */
  isEmpty?: boolean;
  /** A folder in which to write down which grants of the policies were used. */
  grantsDir?: string;
  /** Called when a part ends that was not stopped: the rest is of no use without it. */
  onLost?: (error: Error) => void;
};

/** The deployed system on one machine. */
export type LocalStack = {
  deployment: Deployment;
  clock: Clock;
  database: DatabaseSync;
  iam: Iam;
  dynamodb: Dynamodb;
  aws: AwsServer;
  lambda: Lambda;
  meta: MetaSimulator;
  receiver: TenantReceiver;
  api: ApiGateway;
  /** The site and the APIs under one host. */
  edge: Edge;
  /** Undefined when the templates have no user pool. */
  identity: Identity | undefined;
  /** null in a stack that was started empty. */
  seeded: Seed | null;
  /** Friendly name → URL, or physical name. */
  queues: Record<string, string>;
  tables: Record<string, string>;
  logs: string;
  /** Ends everything, in the reverse order of its start. State stays. */
  stop(): Promise<void>;
};

/**
 * Starts everything that the synthesized templates define, with Meta and a tenant simulated beside it.
 * @throws Error in words for the person who started it; what was started by then is stopped
 */
export async function startLocalStack(options: LocalStackOptions): Promise<LocalStack> {
  const stops: (() => unknown)[] = [];
  const stop = async (): Promise<void> => {
    for (const one of stops.splice(0).reverse()) await one();
  };
  try {
    return { ...(await start(options, (one) => stops.push(one))), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function start(
  {
    assembly: assemblyDirectory,
    site,
    stateDir,
    ports,
    scale = 1,
    isEmpty = false,
    grantsDir,
    onLost,
  }: LocalStackOptions,
  onStop: (stop: () => unknown) => void,
): Promise<Omit<LocalStack, 'stop'>> {
  mkdirSync(stateDir, { recursive: true });
  const assembly = loadAssembly(assemblyDirectory);
  const account = assembly.account ?? DEFAULT_ACCOUNT;
  const region = assembly.region ?? DEFAULT_REGION;

  const database = openDatabase(path.join(stateDir, 'state.sqlite'));
  onStop(() => database.close());
  const { clock, time } = shareClock(virtualClock(database));
  onStop(() => clock.stop());
  clock.setScale(scale);
  const dbPath = path.join(stateDir, 'dynamodb.sqlite');
  const dynamodb = await startDynamodb({ port: ports.dynamodb, dbPath, onLost });
  onStop(() => dynamodb.stop());

  const iam = createIam(grantsDir === undefined ? undefined : grantLog(grantsDir));
  const lambda = createLambda({ directory: stateDir, time, account, region });
  // Stopped after the AWS server: no queue and no state machine may take the end of its function for a failure.
  onStop(() => lambda.stop());
  let gateways: Gateways | undefined;
  const aws = await startAwsServer({
    ...{ host: HOST, port: ports.aws, clock, database, account, region, iam },
    dynamodbEndpoint: dynamodb.url,
    invokeFunction: lambda.invoke,
    gateways: () => gateways,
  });
  onStop(() => aws.stop());
  const deployment = resolveDeployment(assembly, {
    ...{ account, region, awsUrl: aws.url, identityUrl: issuerAt(ports.identity) },
  });
  const meta = await startMetaSimulator({
    port: ports.meta,
    clock,
    database,
    graphVersion: graphVersionOf(deployment),
  });
  onStop(() => meta.stop());
  const receiver = await startTenantReceiver({ port: ports.receiver, clock, database });
  onStop(() => receiver.stop());

  provisionPrincipals(deployment, iam);
  provisionQueues(deployment, aws.sqs);
  provisionBuckets(deployment, aws.s3);
  provisionSecrets(deployment, aws.secrets);
  await provisionTables(deployment, dynamodb.url);
  provisionFunctions(deployment, lambda, {
    META_GRAPH_URL: meta.url,
    META_APP_ID: meta.appId,
    CANARY_API_URL: `http://${HOST}:${ports.api}/api`,
  });
  for (const { name, friendlyName, properties } of deployment.of('AWS::StepFunctions::StateMachine')) {
    const definition = substituted(properties.DefinitionString, properties.DefinitionSubstitutions);
    aws.stepFunctions.createStateMachine({ name, definition, roleAccessKeyId: accessKeyIdOf(friendlyName) });
  }
  const api = await startApiGateway({
    ...{ port: ports.api, models: buildApiModels(deployment), invoke: lambda.invoke },
    now: () => clock.now(),
  });
  gateways = {
    list: () => deployment.of('AWS::ApiGateway::RestApi').map(({ ref, name }) => ({ id: ref, name })),
    flush: () => api.flushAuthorizerCache(),
  };
  onStop(() => api.stop());
  const edge = await startEdge({
    ...{ port: ports.edge, apiUrl: api.url, behaviors: buildDistribution(deployment) },
    withFiles: site?.then(() => buildDistribution(deployment)),
  });
  onStop(() => edge.stop());

  const queues = friendly(deployment.of('AWS::SQS::Queue'), (queue) => queue.ref);
  const tables = friendly(tablesOf(deployment), (table) => table.name);
  const identity = await provisionIdentity(deployment, {
    ...{ lambda, clock, region, port: ports.identity, siteUrl: `http://${HOST}:${ports.edge}` },
    ...{ stateDir, database, awsUrl: aws.url, membersTable: tables.members },
  });
  onStop(() => identity?.stop());
  const seeded = await seed({
    ...{ awsEndpointUrl: aws.url, region, tables, webhookUrl: receiver.url, meta, database, isEmpty },
    secretArns: friendly(deployment.of('AWS::SecretsManager::Secret'), (secret) => secret.ref),
  });
  if (seeded) receiver.setSecret(seeded.tenantSecret);

  await warmPipeline(deployment, lambda);
  // Only now work begins: what was left over from the last run, and what Meta has to tell.
  const services = { aws, iam, lambda, clock };
  onStop(startEventSourceMappings(deployment, services));
  onStop(startSchedules(deployment, services));
  aws.stepFunctions.resume();
  meta.setWebhookUrl(`${api.url}/api/v1/whatsapp/webhook`);

  const logs = path.join(stateDir, 'logs');
  return {
    ...{ deployment, clock, database, iam, dynamodb, aws, lambda, meta, receiver, api, edge, identity },
    ...{ seeded, queues, tables, logs },
  };
}

/**
 * The consumers of queues get an environment each: cold starts one after the other, on a machine of two cores, would be
 * most of the time that the first events of the quickstart take.
 */
async function warmPipeline(deployment: Deployment, lambda: Lambda): Promise<void> {
  const consumers = deployment.of('AWS::Lambda::EventSourceMapping').map(({ properties }) => properties.FunctionName);
  await Promise.all([...new Set(consumers)].map((name) => lambda.warm(name)));
}

function friendly<T extends { friendlyName: string }>(
  resources: readonly T[],
  value: (one: T) => string,
): Record<string, string> {
  return Object.fromEntries(resources.map((resource) => [resource.friendlyName, value(resource)]));
}

const substituted = (definition: string, substitutions: Record<string, string>): string =>
  definition.replace(/\$\{(\w+)\}/g, (whole, name: string) => substitutions[name] ?? whole);

/** The version of the Graph API that the functions call; the simulator refuses any other. */
function graphVersionOf(deployment: Deployment): string {
  for (const { properties } of deployment.of('AWS::Lambda::Function')) {
    const version = properties.Environment?.Variables.META_GRAPH_VERSION;
    if (version !== undefined) return version;
  }
  throw new Error('No function in the templates has the variable META_GRAPH_VERSION');
}
