import { type DynamoDBDocumentClient, PutCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';

/** Meta's statuses of a template; only APPROVED can be sent. meta-cloud-api §4.1 */
export const TEMPLATE_STATUSES = [
  'APPROVED',
  'ARCHIVED',
  'DELETED',
  'DISABLED',
  'IN_APPEAL',
  'LIMIT_EXCEEDED',
  'PAUSED',
  'PENDING',
  'PENDING_DELETION',
  'REJECTED',
] as const;

/** One language version of a template, as Meta listed it. `components` stay Meta's. */
export const Template = z.object({
  wabaId: z.string(),
  /** `name#language`: all languages of a name are neighbours. */
  nameLanguage: z.string(),
  templateId: z.string(),
  name: z.string(),
  language: z.string(),
  status: z.enum(TEMPLATE_STATUSES),
  category: z.string(),
  components: z.array(z.looseObject({ type: z.string() })),
  syncedAt: z.number(),
});
export type Template = z.output<typeof Template>;

/** The cache of a WABA's templates that sends are checked against. Key: wabaId, name#language. */
export function templateStore(client: DynamoDBDocumentClient, tableName: string) {
  return {
    /** Every language version of one name; empty when there is no such template. A name has at most some seventy languages: one page. */
    async versionsOf(wabaId: string, name: string): Promise<Template[]> {
      const { Items = [] } = await client.send(
        new QueryCommand({
          TableName: tableName,
          ConsistentRead: true,
          KeyConditionExpression: 'wabaId = :waba AND begins_with(nameLanguage, :name)',
          ExpressionAttributeValues: { ':waba': wabaId, ':name': `${name}#` },
        }),
      );
      return Items.map((item) => Template.parse(item));
    },

    async put(template: Omit<Template, 'nameLanguage'>): Promise<void> {
      const nameLanguage = `${template.name}#${template.language}`;
      await client.send(new PutCommand({ TableName: tableName, Item: { ...template, nameLanguage } }));
    },
  };
}
export type TemplateStore = ReturnType<typeof templateStore>;
