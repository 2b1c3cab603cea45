import { type DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import type { Write } from './transaction.ts';

/** A customer. Brands, and the people who look after them, belong to one. */
export const Organisation = z.object({
  organisationId: z.string(),
  name: z.string(),
  /** suspended: neither its people nor its keys get in, until the platform lets them. */
  status: z.enum(['active', 'suspended']),
  /** How many of its members are owners, invited ones not counted: the last one stays. */
  owners: z.number().int().nonnegative(),
  createdAt: z.number(),
});
export type Organisation = z.output<typeof Organisation>;

/** Organisations. Key: organisationId. */
export function organisationStore(client: DynamoDBDocumentClient, tableName: string) {
  const status = { '#status': 'status' };
  return {
    /** Read consistently: a suspension has to be seen by the next reader. */
    async get(organisationId: string): Promise<Organisation | null> {
      const { Item } = await client.send(
        new GetCommand({ TableName: tableName, Key: { organisationId }, ConsistentRead: true }),
      );
      return Item ? Organisation.parse(Item) : null;
    },

    inserting: (organisation: Organisation): Write => ({
      Put: { TableName: tableName, Item: organisation, ConditionExpression: 'attribute_not_exists(organisationId)' },
    }),

    /** Nothing but a condition: that it is not suspended. */
    beingActive: (organisationId: string): Write => ({
      ConditionCheck: {
        TableName: tableName,
        Key: { organisationId },
        ConditionExpression: '#status = :active',
        ExpressionAttributeNames: status,
        ExpressionAttributeValues: { ':active': 'active' },
      },
    }),

    /** Counts its owners. Does not hold when nobody would be left. */
    countingOwners: (organisationId: string, change: 1 | -1): Write => ({
      Update: {
        TableName: tableName,
        Key: { organisationId },
        UpdateExpression: 'SET owners = owners + :change',
        ConditionExpression: 'attribute_exists(organisationId) AND owners > :least',
        // Of one owner none may go; a new organisation may get its first.
        ExpressionAttributeValues: { ':change': change, ':least': change === -1 ? 1 : -1 },
      },
    }),

    settingStatus: (organisationId: string, from: Organisation['status'], to: Organisation['status']): Write => ({
      Update: {
        TableName: tableName,
        Key: { organisationId },
        UpdateExpression: 'SET #status = :to',
        ConditionExpression: '#status = :from',
        ExpressionAttributeNames: status,
        ExpressionAttributeValues: { ':from': from, ':to': to },
      },
    }),
  };
}
export type OrganisationStore = ReturnType<typeof organisationStore>;
