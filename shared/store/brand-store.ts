import { type DynamoDBDocumentClient, PutCommand, paginateScan } from '@aws-sdk/lib-dynamodb';
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

    /** The ids of all brands there are. For jobs that go through all of them: it reads the whole table. */
    async allIds(): Promise<string[]> {
      const ids: string[] = [];
      const pages = paginateScan({ client }, { TableName: tableName, ProjectionExpression: 'brandId' });
      for await (const { Items = [] } of pages) ids.push(...Items.map((item) => String(item.brandId)));
      return ids;
    },
  };
}
