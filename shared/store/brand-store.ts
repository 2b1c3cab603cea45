import { type DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';

/** What a key is bound to: the unit of isolation. */
export const Brand = z.object({
  brandId: z.string(),
  organisationId: z.string(),
  name: z.string(),
  createdAt: z.number(),
});
export type Brand = z.output<typeof Brand>;

/** Brands. Key: brandId. */
export function brandStore(client: DynamoDBDocumentClient, tableName: string) {
  return {
    async put(brand: Brand): Promise<void> {
      await client.send(new PutCommand({ TableName: tableName, Item: brand }));
    },
  };
}
