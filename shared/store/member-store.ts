import { type DynamoDBDocumentClient, GetCommand, paginateQuery } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { ROLES, type Role } from '../roles.ts';
import type { Write } from './transaction.ts';

/** A person of an organisation. The id is made of the address (shared/ids.ts): a person belongs to one organisation. */
export const Member = z.object({
  memberId: z.string(),
  organisationId: z.string(),
  /** In small letters. */
  email: z.string(),
  role: z.enum(ROLES),
  /** invited: has not signed in yet. */
  status: z.enum(['invited', 'active']),
  /** Who the identity provider says it is: the `sub` of their tokens, from the first time they sign in. */
  userId: z.string().nullable(),
  invitedAt: z.number(),
  joinedAt: z.number().nullable(),
});
export type Member = z.output<typeof Member>;

/** Members. Key: memberId; KEYS_ONLY index by organisation. */
export function memberStore(client: DynamoDBDocumentClient, tableName: string) {
  const get = async (memberId: string): Promise<Member | null> => {
    const { Item } = await client.send(
      new GetCommand({ TableName: tableName, Key: { memberId }, ConsistentRead: true }),
    );
    return Item ? Member.parse(Item) : null;
  };

  return {
    /** Read consistently: who was removed is out with the next read. */
    get,

    /** All people of an organisation. */
    async ofOrganisation(organisationId: string): Promise<Member[]> {
      const pages = paginateQuery(
        { client },
        {
          TableName: tableName,
          IndexName: 'byOrganisation',
          KeyConditionExpression: 'organisationId = :organisation',
          ExpressionAttributeValues: { ':organisation': organisationId },
        },
      );
      const members: Member[] = [];
      for await (const { Items = [] } of pages) {
        const found = await Promise.all(Items.map((item) => get(String(item.memberId))));
        // Removed while we read, or already with another organisation.
        members.push(...found.filter((one) => one !== null).filter((one) => one.organisationId === organisationId));
      }
      return members;
    },

    /** Does not hold when the person is a member already, here or elsewhere. */
    inserting: (member: Member): Write => ({
      Put: { TableName: tableName, Item: member, ConditionExpression: 'attribute_not_exists(memberId)' },
    }),

    /** The first time they sign in. */
    joining: ({ memberId, organisationId, role }: Member, userId: string, now: number): Write => ({
      Update: {
        TableName: tableName,
        Key: { memberId },
        UpdateExpression: 'SET #status = :active, userId = :user, joinedAt = :now',
        ConditionExpression: '#status = :invited AND organisationId = :organisation AND #role = :role',
        ExpressionAttributeNames: { '#status': 'status', '#role': 'role' },
        ExpressionAttributeValues: {
          ':active': 'active',
          ':invited': 'invited',
          ':user': userId,
          ':now': now,
          ':organisation': organisationId,
          ':role': role,
        },
      },
    }),

    /** Holds if nothing has changed since it was read. */
    changingRole: (before: Member, role: Role): Write => ({
      Update: {
        TableName: tableName,
        Key: { memberId: before.memberId },
        UpdateExpression: 'SET #role = :role',
        ...asItWas(before, { ':role': role }),
      },
    }),

    removing: (before: Member): Write => ({
      Delete: { TableName: tableName, Key: { memberId: before.memberId }, ...asItWas(before) },
    }),
  };
}
export type MemberStore = ReturnType<typeof memberStore>;

const asItWas = ({ organisationId, role, status }: Member, values: Record<string, unknown> = {}) => ({
  ConditionExpression: 'organisationId = :organisation AND #role = :before AND #status = :status',
  ExpressionAttributeNames: { '#role': 'role', '#status': 'status' },
  ExpressionAttributeValues: { ':organisation': organisationId, ':before': role, ':status': status, ...values },
});
