import * as z from 'zod';
import type { Account } from './account.ts';

/** A permission that a request needs. */
export type Need = { action: string; resource: string };

/** Only what tells which permissions a request needs; DynamoDB itself judges the rest. */
const Table = z.object({ TableName: z.string(), IndexName: z.string().optional() });
const Batch = z.object({ RequestItems: z.record(z.string(), z.unknown()) });
const TransactWrite = z.object({
  TransactItems: z.array(
    z.object({
      Put: Table.optional(),
      Update: Table.optional(),
      Delete: Table.optional(),
      ConditionCheck: Table.optional(),
    }),
  ),
});
const TransactGet = z.object({ TransactItems: z.array(z.object({ Get: Table })) });
const OfResource = z.object({ ResourceArn: z.string() });

/** TransactWriteItems needs the permission of each item's own operation. */
const ITEM_ACTIONS = {
  Put: 'PutItem',
  Update: 'UpdateItem',
  Delete: 'DeleteItem',
  ConditionCheck: 'ConditionCheckItem',
} as const;
export const READS = ['GetItem', 'Query', 'Scan', 'BatchGetItem', 'TransactGetItems'];
export const WRITES = ['PutItem', 'UpdateItem', 'DeleteItem', 'BatchWriteItem', 'TransactWriteItems'];
const OF_TABLE = [
  ...['CreateTable', 'DeleteTable', 'DescribeTable', 'UpdateTable', 'UpdateTimeToLive', 'DescribeTimeToLive'],
  ...['DescribeContinuousBackups', 'UpdateContinuousBackups'],
];
const OF_RESOURCE = ['TagResource', 'UntagResource', 'ListTagsOfResource'];
const OF_ACCOUNT = ['ListTables', 'DescribeLimits', 'DescribeEndpoints'];
export const OPERATIONS = [...READS, ...WRITES, ...OF_TABLE, ...OF_RESOURCE, ...OF_ACCOUNT];

/**
 * Permissions for a DynamoDB request: Service Authorization Reference, "Actions, resources, and condition keys for
 * Amazon DynamoDB". A query of an index is checked against the index's own ARN.
 * @throws z.ZodError when the request does not even have a table
 */
export function neededPermissions(operation: string, body: unknown, { account, region }: Account): Need[] {
  const tableArn = (table: string): string =>
    table.startsWith('arn:') ? table : `arn:aws:dynamodb:${region}:${account}:table/${table}`;
  const need = (action: string, table: string, index?: string): Need => ({
    action: `dynamodb:${action}`,
    resource: index === undefined ? tableArn(table) : `${tableArn(table)}/index/${index}`,
  });
  switch (operation) {
    case 'BatchGetItem':
    case 'BatchWriteItem':
      return Object.keys(Batch.parse(body).RequestItems).map((table) => need(operation, table));
    case 'TransactWriteItems':
      return TransactWrite.parse(body).TransactItems.flatMap((item) =>
        Object.entries(ITEM_ACTIONS).flatMap(([kind, action]) => {
          const keyed = item[kind as keyof typeof ITEM_ACTIONS];
          return keyed ? [need(action, keyed.TableName)] : [];
        }),
      );
    case 'TransactGetItems':
      return TransactGet.parse(body).TransactItems.map(({ Get }) => need('GetItem', Get.TableName));
  }
  if (OF_ACCOUNT.includes(operation)) return [{ action: `dynamodb:${operation}`, resource: '*' }];
  if (OF_RESOURCE.includes(operation))
    return [{ action: `dynamodb:${operation}`, resource: OfResource.parse(body).ResourceArn }];
  const { TableName, IndexName } = Table.parse(body);
  return [need(operation, TableName, IndexName)];
}
