import { type DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import type { Connection } from './connection-store.ts';
import type { Write } from './transaction.ts';

/** What one active connection alone may have. */
const Claim = z.object({
  /** `number#<phone number id>`, `brand#<brand id>`. */
  claim: z.string(),
  connectionId: z.string(),
  brandId: z.string(),
  organisationId: z.string(),
});
export type Claim = z.output<typeof Claim>;

type Claimant = Pick<Connection, 'connectionId' | 'brandId' | 'organisationId' | 'phoneNumberId'>;

export const numberClaim = (phoneNumberId: string): string => `number#${phoneNumberId}`;
export const brandClaim = (brandId: string): string => `brand#${brandId}`;

/** A connection's claims, in the order in which they are written. */
const claimsOf = ({ phoneNumberId, brandId }: Claimant) => [numberClaim(phoneNumberId), brandClaim(brandId)];

/**
 * Who holds a number and a brand: a number is connected once in the whole system, a brand has one number. An index
 * cannot hold that, for it is behind its table. Written in one transaction with the connection. Key: claim.
 */
export function claimStore(client: DynamoDBDocumentClient, tableName: string) {
  return {
    async get(claim: string): Promise<Claim | null> {
      const { Item } = await client.send(
        new GetCommand({ TableName: tableName, Key: { claim }, ConsistentRead: true }),
      );
      return Item ? Claim.parse(Item) : null;
    },

    /** Two writes, number and brand. They do not hold where another connection has it. */
    taking: (claimant: Claimant): Write[] =>
      claimsOf(claimant).map((claim) => {
        const { connectionId, brandId, organisationId } = claimant;
        return {
          Put: {
            TableName: tableName,
            Item: { claim, connectionId, brandId, organisationId } satisfies Claim,
            ConditionExpression: 'attribute_not_exists(claim) OR connectionId = :mine',
            ExpressionAttributeValues: { ':mine': connectionId },
          },
        };
      }),

    /** Nothing happens to claims that another connection has meanwhile, or that were never made. */
    releasing: (claimant: Claimant): Write[] =>
      claimsOf(claimant).map((claim) => ({
        Delete: {
          TableName: tableName,
          Key: { claim },
          ConditionExpression: 'attribute_not_exists(claim) OR connectionId = :mine',
          ExpressionAttributeValues: { ':mine': claimant.connectionId },
        },
      })),
  };
}
export type ClaimStore = ReturnType<typeof claimStore>;
