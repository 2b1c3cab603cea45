import {
  type DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  paginateQuery,
  paginateScan,
} from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import type { Write } from './transaction.ts';

/** What a key is bound to: the unit of isolation. */
export const Brand = z.object({
  brandId: z.string(),
  organisationId: z.string(),
  name: z.string(),
  createdAt: z.number(),
});
export type Brand = z.output<typeof Brand>;

/** Brands. Key: brandId; KEYS_ONLY index by organisation. */
export function brandStore(client: DynamoDBDocumentClient, tableName: string) {
  const get = async (brandId: string): Promise<Brand | null> => {
    const { Item } = await client.send(
      new GetCommand({ TableName: tableName, Key: { brandId }, ConsistentRead: true }),
    );
    return Item ? Brand.parse(Item) : null;
  };

  return {
    /** Whosever it is. */
    get,

    /** A brand of the organisation; null for what is another's, or nobody's. */
    async ofOrganisation(organisationId: string, brandId: string): Promise<Brand | null> {
      const brand = await get(brandId);
      return brand?.organisationId === organisationId ? brand : null;
    },

    /** All brands of an organisation, the oldest first. */
    async list(organisationId: string): Promise<Brand[]> {
      const pages = paginateQuery(
        { client },
        {
          TableName: tableName,
          IndexName: 'byOrganisation',
          KeyConditionExpression: 'organisationId = :organisation',
          ExpressionAttributeValues: { ':organisation': organisationId },
        },
      );
      const brands: Brand[] = [];
      for await (const { Items = [] } of pages) {
        const found = await Promise.all(Items.map((item) => get(String(item.brandId))));
        brands.push(...found.filter((one) => one !== null));
      }
      return brands;
    },

    async put(brand: Brand): Promise<void> {
      await client.send(new PutCommand({ TableName: tableName, Item: brand }));
    },

    inserting: (brand: Brand): Write => ({
      Put: { TableName: tableName, Item: brand, ConditionExpression: 'attribute_not_exists(brandId)' },
    }),

    /** Holds if it is still called as it was. */
    renaming: (before: Brand, name: string): Write => ({
      Update: {
        TableName: tableName,
        Key: { brandId: before.brandId },
        UpdateExpression: 'SET #name = :name',
        ConditionExpression: '#name = :before',
        ExpressionAttributeNames: { '#name': 'name' },
        ExpressionAttributeValues: { ':name': name, ':before': before.name },
      },
    }),

    /** The ids of all brands there are. For jobs that go through all of them: it reads the whole table. */
    async allIds(): Promise<string[]> {
      const ids: string[] = [];
      const pages = paginateScan({ client }, { TableName: tableName, ProjectionExpression: 'brandId' });
      for await (const { Items = [] } of pages) ids.push(...Items.map((item) => String(item.brandId)));
      return ids;
    },
  };
}
export type BrandStore = ReturnType<typeof brandStore>;
