import {
  type DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  QueryCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { conditionHolds } from './conditional.ts';

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
  quality: z.string().optional(),
  rejectedReason: z.string().nullable().optional(),
  /** Meta's time of the newest webhook that changed the status, the category or the quality; each on its own. */
  statusAt: z.number().optional(),
  categoryAt: z.number().optional(),
  qualityAt: z.number().optional(),
});
export type Template = z.output<typeof Template>;

type Version = Pick<Template, 'wabaId' | 'name' | 'language'>;
const keyOf = ({ wabaId, name, language }: Version) => ({ wabaId, nameLanguage: `${name}#${language}` });

/** What one webhook tells of a template. */
export type TemplateChange =
  | { attribute: 'status'; value: Template['status']; rejectedReason: string | null }
  | { attribute: 'category' | 'quality'; value: string };

/** Webhooks carry whole seconds: one of the second of a sync may be younger than it. */
const SECOND_MS = 1000;

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

    /** One language version as it is now; null when the cache does not have it. */
    async find(version: Version): Promise<Template | null> {
      const { Item } = await client.send(
        new GetCommand({ TableName: tableName, Key: keyOf(version), ConsistentRead: true }),
      );
      return Item ? Template.parse(Item) : null;
    },

    /**
     * Takes over what a webhook told, unless something younger is known: webhooks come in any order, days late too.
     * @param at Meta's time, epoch milliseconds
     * @returns false when the cache does not have the template, or knows better
     */
    apply: (version: Version, change: TemplateChange, at: number): Promise<boolean> =>
      conditionHolds(
        client.send(
          new UpdateCommand({
            TableName: tableName,
            Key: keyOf(version),
            UpdateExpression: `SET #attribute = :value, #changedAt = :at${change.attribute === 'status' ? ', rejectedReason = :reason' : ''}`,
            ConditionExpression:
              'attribute_exists(wabaId) AND syncedAt < :nextSecond AND (attribute_not_exists(#changedAt) OR #changedAt <= :at)',
            ExpressionAttributeNames: { '#attribute': change.attribute, '#changedAt': `${change.attribute}At` },
            ExpressionAttributeValues: {
              ':value': change.value,
              ':at': at,
              ':nextSecond': at + SECOND_MS,
              ...(change.attribute === 'status' ? { ':reason': change.rejectedReason } : {}),
            },
          }),
        ),
      ),

    async put(template: Omit<Template, 'nameLanguage'>): Promise<void> {
      const nameLanguage = `${template.name}#${template.language}`;
      await client.send(new PutCommand({ TableName: tableName, Item: { ...template, nameLanguage } }));
    },
  };
}
export type TemplateStore = ReturnType<typeof templateStore>;
