import { existsSync, readFileSync } from 'node:fs';
import { DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';

/** The tables that the commands need, by the ids of their constructs (infra/stacks/data-stack.ts), which never change. */
const TABLES = {
  'api-keys': 'ApiKeys',
  'audit-log': 'AuditLog',
  brands: 'Brands',
  members: 'Members',
  'meta-updates': 'MetaUpdates',
  organisations: 'Organisations',
} as const;
export type TableName = keyof typeof TABLES;

/** Where the commands work: a stage in the cloud, or a stack on this machine. */
export type Place = {
  client: DynamoDBDocumentClient;
  /** Physical name of a table. @throws when the stage has none, or this person may not see it */
  table(name: TableName): string;
  /** Names of the gateways: `quixess-<stage>-api`. */
  stage: string;
};

const documents = (config: ConstructorParameters<typeof DynamoDBClient>[0]): DynamoDBDocumentClient =>
  DynamoDBDocumentClient.from(new DynamoDBClient(config ?? {}), { marshallOptions: { removeUndefinedValues: true } });

const StackFile = z.looseObject({ aws_endpoint_url: z.url(), tables: z.record(z.string(), z.string()) });

/** A local stack. @throws when none runs */
export async function localPlace(file: string): Promise<Place> {
  if (!existsSync(file)) throw new Error(`${file} is not there: start the local stack (npm start), or name a --stage`);
  const { aws_endpoint_url: endpoint, tables } = StackFile.parse(JSON.parse(readFileSync(file, 'utf8')));
  // What is not a client of the SDK looks here, too (shared/authorizer-cache.ts).
  process.env.AWS_ENDPOINT_URL = endpoint;
  const credentials = { accessKeyId: 'local-admin', secretAccessKey: 'local' };
  return {
    client: documents({ endpoint, region: 'us-east-1', credentials }),
    table: (name) => tables[name] ?? missing(name),
    stage: 'local',
  };
}

/** A deployed stage. CloudFormation names a table `<stack>-<logical id>-<random>`, and its id begins with the construct's. */
export async function deployedPlace(stage: string, region: string): Promise<Place> {
  const client = documents({ region });
  const prefix = `quixess-${stage}-data-`;
  const names: string[] = [];
  let ExclusiveStartTableName: string | undefined = prefix;
  do {
    const page: { TableNames?: string[]; LastEvaluatedTableName?: string } = await client.send(
      new ListTablesCommand({ ExclusiveStartTableName }),
    );
    names.push(...(page.TableNames ?? []).filter((name) => name.startsWith(prefix)));
    // In the order of their names: past the prefix there is nothing more.
    ExclusiveStartTableName = page.LastEvaluatedTableName?.startsWith(prefix) ? page.LastEvaluatedTableName : undefined;
  } while (ExclusiveStartTableName);
  return {
    client,
    table: (name) =>
      names.find((one) => new RegExp(`^${prefix}${TABLES[name]}[0-9A-F]{8}-`).test(one)) ?? missing(name),
    stage,
  };
}

function missing(name: string): never {
  throw new Error(`There is no table ${name}: is the stage deployed, and may you see it?`);
}
