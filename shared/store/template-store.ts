import {
  DeleteCommand,
  type DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  QueryCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { conditionHolds } from './conditional.ts';
import type { StoredPage } from './sharded-list.ts';
import type { Write } from './transaction.ts';

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

/** A WABA has at most 6,000 templates (meta-cloud-api §1.3): what a page reads stays small. */
const MAX_PAGE = 100;

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
  /** Absent in rows older than the first sync: positional is what Meta assumes. */
  parameterFormat: z.enum(['POSITIONAL', 'NAMED']).optional(),
  previousCategory: z.string().nullable().optional(),
  /** Epoch milliseconds, like every time. */
  lastUpdatedAt: z.number().nullable().optional(),
  syncedAt: z.number(),
  quality: z.string().nullable().optional(),
  rejectedReason: z.string().nullable().optional(),
  /** Meta's time of the newest webhook that changed the status, the category or the quality; each on its own. */
  statusAt: z.number().optional(),
  categoryAt: z.number().optional(),
  qualityAt: z.number().optional(),
  /** Of what Meta was sent, where it was submitted here; a listing writes the row without. */
  payloadHash: z.string().optional(),
});
export type Template = z.output<typeof Template>;

type Submitted = { payloadHash: string };
type Confirmed = Pick<Template, 'templateId' | 'category' | 'components' | 'parameterFormat'> & Submitted;
type Version = Pick<Template, 'wabaId' | 'name' | 'language'>;
const keyOf = ({ wabaId, name, language }: Version) => ({ wabaId, nameLanguage: `${name}#${language}` });

/** What one webhook tells of a template. */
export type TemplateChange =
  | { attribute: 'status'; value: Template['status']; rejectedReason: string | null }
  | { attribute: 'category' | 'quality'; value: string };

/** Webhooks carry whole seconds: one of the second of a sync may be younger than it. */
const SECOND_MS = 1000;

/** So long a submit may be under way, milliseconds: 29 s for its function, the rest for Meta's list to have it. */
const SUBMIT_MS = 2 * 60_000;

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

    /** A page of all versions, by name and language. @param after the `nameLanguage` the page before ended with */
    async list(
      wabaId: string,
      { after, limit }: { after: string | null; limit: number },
      keep: (template: Template) => boolean = () => true,
    ): Promise<StoredPage<Template>> {
      const rows: Template[] = [];
      let last: string | null = null;
      let startKey = after === null ? undefined : { wabaId, nameLanguage: after };
      do {
        const { Items = [], LastEvaluatedKey } = await client.send(
          new QueryCommand({
            TableName: tableName,
            KeyConditionExpression: 'wabaId = :waba',
            ExpressionAttributeValues: { ':waba': wabaId },
            ExclusiveStartKey: startKey,
            Limit: MAX_PAGE + 1,
          }),
        );
        for (const template of Items.map((item) => Template.parse(item))) {
          // One more than a page tells whether there is a next one.
          if (keep(template) && rows.length === limit) return { rows, last };
          if (keep(template)) rows.push(template);
          last = template.nameLanguage;
        }
        startKey = LastEvaluatedKey && { wabaId, nameLanguage: String(LastEvaluatedKey.nameLanguage) };
      } while (startKey);
      return { rows, last: null };
    },

    /**
     * Takes out what a listing lacks.
     * @param listedAt when the listing began: what was written since is newer and stays, what was submitted shortly before may not have been in it
     * @returns false when it stays
     */
    remove: ({ wabaId, nameLanguage }: Pick<Template, 'wabaId' | 'nameLanguage'>, listedAt: number): Promise<boolean> =>
      conditionHolds(
        client.send(
          new DeleteCommand({
            TableName: tableName,
            Key: { wabaId, nameLanguage },
            ConditionExpression: 'syncedAt < :listedAt AND (attribute_not_exists(payloadHash) OR syncedAt < :settled)',
            ExpressionAttributeValues: { ':listedAt': listedAt, ':settled': listedAt - SUBMIT_MS },
          }),
        ),
      ),

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

    /**
     * Writes a template down before Meta is asked for it, without an id: Meta's webhook about it may be faster than its
     * answer. @returns false when there is one, made or being made
     */
    begin: (template: Omit<Template, 'nameLanguage' | 'templateId'> & Submitted): Promise<boolean> =>
      conditionHolds(
        client.send(
          new PutCommand({
            TableName: tableName,
            Item: { ...template, templateId: '', ...keyOf(template) },
            ConditionExpression: 'attribute_not_exists(wabaId) OR #status = :deleted',
            ExpressionAttributeNames: { '#status': 'status' },
            ExpressionAttributeValues: { ':deleted': 'DELETED' },
          }),
        ),
      ),

    /**
     * Takes up what a dead request left: a listing without it takes it out no more. One that lives keeps its time, for
     * webhooks are held against it.
     */
    resume: (version: Version, now: number): Promise<boolean> =>
      conditionHolds(
        client.send(
          new UpdateCommand({
            TableName: tableName,
            Key: keyOf(version),
            UpdateExpression: 'SET syncedAt = :now',
            ConditionExpression: 'templateId = :none AND syncedAt < :settled',
            ExpressionAttributeValues: { ':none': '', ':now': now, ':settled': now - SUBMIT_MS },
          }),
        ),
      ),

    /**
     * What Meta answered. The status stays: a webhook may have told a younger one. Holds once: of two who submit the same,
     * the second finds it confirmed; one whom a listing was faster than does not.
     */
    confirming: (version: Version, made: Confirmed): Write => ({
      Update: {
        TableName: tableName,
        Key: keyOf(version),
        UpdateExpression:
          'SET templateId = :id, category = :category, components = :components, parameterFormat = :format, payloadHash = :hash',
        ConditionExpression: 'templateId = :none OR (templateId = :id AND attribute_not_exists(payloadHash))',
        ExpressionAttributeValues: {
          ':none': '',
          ':hash': made.payloadHash,
          // An earlier request may have begun it, with another text.
          ':format': made.parameterFormat,
          ':id': made.templateId,
          ':category': made.category,
          ':components': made.components,
        },
      },
    }),

    /** Meta did not take what this request began. */
    async abandon(version: Version, { payloadHash }: Submitted): Promise<void> {
      await conditionHolds(
        client.send(
          new DeleteCommand({
            TableName: tableName,
            Key: keyOf(version),
            ConditionExpression: 'templateId = :none AND payloadHash = :hash',
            ExpressionAttributeValues: { ':none': '', ':hash': payloadHash },
          }),
        ),
      );
    },

    removing: (version: Version): Write => ({ Delete: { TableName: tableName, Key: keyOf(version) } }),

    async put(template: Omit<Template, 'nameLanguage'>): Promise<void> {
      await client.send(new PutCommand({ TableName: tableName, Item: { ...template, ...keyOf(template) } }));
    },

    /**
     * Writes what a listing said. `syncedAt` is when the listing began.
     * @returns false when a webhook told something younger meanwhile: the next listing will have it too
     */
    putListed: (template: Omit<Template, 'nameLanguage'>): Promise<boolean> =>
      conditionHolds(
        client.send(
          new PutCommand({
            TableName: tableName,
            Item: { ...template, ...keyOf(template) },
            ConditionExpression: ['statusAt', 'categoryAt', 'qualityAt']
              .map((time) => `(attribute_not_exists(${time}) OR ${time} < :listedAt)`)
              .join(' AND '),
            ExpressionAttributeValues: { ':listedAt': template.syncedAt },
          }),
        ),
      ),
  };
}
export type TemplateStore = ReturnType<typeof templateStore>;
