import {
  CreateTableCommand,
  DescribeTableCommand,
  DynamoDBClient,
  type KeySchemaElement,
  ResourceNotFoundException,
  type TableDescription,
  UpdateTimeToLiveCommand,
} from '@aws-sdk/client-dynamodb';
import type { Deployment, Resource } from '../deployment.ts';

type TableResource = Resource<'AWS::DynamoDB::GlobalTable' | 'AWS::DynamoDB::Table'>;

export const tablesOf = (deployment: Deployment): TableResource[] => [
  ...deployment.of('AWS::DynamoDB::GlobalTable'),
  ...deployment.of('AWS::DynamoDB::Table'),
];

/**
 * Creates the tables that are missing; those that are there keep their items.
 * @param endpoint DynamoDB itself: provisioning is not a call of any function
 * @throws when a kept table has other keys or indexes than the template
 */
export async function provisionTables(deployment: Deployment, endpoint: string): Promise<void> {
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const client = new DynamoDBClient({ endpoint, region: deployment.place.region, credentials });
  try {
    await Promise.all(tablesOf(deployment).map((table) => provision(client, table)));
  } finally {
    client.destroy();
  }
}

async function provision(client: DynamoDBClient, { name, properties }: TableResource): Promise<void> {
  const existing = await describe(client, name);
  if (existing) {
    if (shape(existing) !== shape(properties)) {
      throw new Error(`The table ${name} has other keys or indexes than the template: start with --reset`);
    }
    return;
  }
  const indexes = properties.GlobalSecondaryIndexes?.map(({ IndexName, KeySchema, Projection }) => ({
    IndexName,
    KeySchema,
    Projection,
  }));
  await client.send(
    new CreateTableCommand({
      TableName: name,
      BillingMode: 'PAY_PER_REQUEST',
      KeySchema: properties.KeySchema,
      AttributeDefinitions: properties.AttributeDefinitions,
      // DynamoDB takes no empty list.
      ...(indexes && indexes.length > 0 ? { GlobalSecondaryIndexes: indexes } : {}),
    }),
  );
  const { TimeToLiveSpecification } = properties;
  if (TimeToLiveSpecification)
    await client.send(new UpdateTimeToLiveCommand({ TableName: name, TimeToLiveSpecification }));
}

async function describe(client: DynamoDBClient, name: string): Promise<TableDescription | undefined> {
  try {
    return (await client.send(new DescribeTableCommand({ TableName: name }))).Table;
  } catch (error) {
    if (error instanceof ResourceNotFoundException) return undefined;
    throw error;
  }
}

type Shape = {
  KeySchema?: KeySchemaElement[];
  GlobalSecondaryIndexes?: { IndexName?: string; KeySchema?: KeySchemaElement[] }[];
};

/** What cannot be changed without copying the items, as text to compare. */
function shape({ KeySchema, GlobalSecondaryIndexes = [] }: Shape): string {
  const keys = (schema: KeySchemaElement[] = []) =>
    schema
      .map((key) => `${key.KeyType}=${key.AttributeName}`)
      .sort()
      .join();
  return [
    keys(KeySchema),
    ...GlobalSecondaryIndexes.map((index) => `${index.IndexName}:${keys(index.KeySchema)}`).sort(),
  ].join(' ');
}
