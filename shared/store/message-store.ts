import {
  BatchGetCommand,
  DeleteCommand,
  type DynamoDBDocumentClient,
  PutCommand,
  QueryCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import { brandShard, conversationId } from '../ids.ts';
import { conditionHolds, failedCondition } from './conditional.ts';
import { isUnresolved, type MediaState, Message, Reconciliation, TIME_OF, type WebhookStatus } from './message.ts';

type Identity = Pick<Message, 'brandId' | 'messageId'>;

/** `isUnresolved` as a condition. */
const UNRESOLVED = [
  'attribute_exists(outcomeUnknownAt)',
  ...Object.values(TIME_OF).map((time) => `attribute_not_exists(${time})`),
].join(' AND ');

/** What a sender knows after Meta's answer, or the lack of one. */
export type SendResult = Pick<
  Message,
  'conversationId' | 'waMessageId' | 'acceptedAt' | 'outcomeUnknownAt' | 'failedAt' | 'errors' | 'refusal'
>;

/** Sets every defined attribute. */
function setExpression(attributes: Partial<Message>, values: Record<string, unknown> = {}) {
  const entries = Object.entries(attributes).filter(([, value]) => value !== undefined);
  return {
    UpdateExpression: `SET ${entries.map(([name]) => `#${name} = :${name}`).join(', ')}`,
    ExpressionAttributeNames: Object.fromEntries(entries.map(([name]) => [`#${name}`, name])),
    ExpressionAttributeValues: {
      ...Object.fromEntries(entries.map(([name, value]) => [`:${name}`, value])),
      ...values,
    },
  };
}

/** Messages of one brand. Key: brand#shard, messageId; the id alone finds the item. */
export function messageStore(client: DynamoDBDocumentClient, tableName: string) {
  const keyOf = ({ brandId, messageId }: Identity) => ({ brandShard: brandShard(brandId, messageId), messageId });

  /** Sets every defined attribute; an absent item is made. */
  const merge = (id: Identity, attributes: Partial<Message>, condition: string) =>
    client.send(
      new UpdateCommand({
        TableName: tableName,
        Key: keyOf(id),
        ...setExpression({ brandId: id.brandId, ...attributes }),
        ConditionExpression: condition,
      }),
    );

  return {
    /** Inserts once. @returns false when the message was there already */
    insert: (message: Omit<Message, 'brandShard'>): Promise<boolean> =>
      conditionHolds(
        client.send(
          new PutCommand({
            TableName: tableName,
            Item: { ...message, ...keyOf(message) },
            ConditionExpression: 'attribute_not_exists(messageId)',
          }),
        ),
      ),

    /**
     * Makes an outbound message before Meta is called. Whoever makes it is the only one who may call.
     * @returns false when another request made it
     */
    async dispatch(message: Omit<Message, 'brandShard'> & { senderId: string }): Promise<boolean> {
      try {
        await client.send(
          new PutCommand({
            TableName: tableName,
            Item: { ...message, ...keyOf(message) },
            ConditionExpression: 'attribute_not_exists(messageId)',
            ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
          }),
        );
        return true;
      } catch (error) {
        const refused = failedCondition(error);
        if (!refused) throw error;
        // The SDK repeats a write whose answer it lost: then it is our own that is there.
        return refused.item?.senderId === message.senderId;
      }
    },

    /**
     * Writes down what became of a dispatched message. A status webhook may have been faster: its times stay, for the
     * sender never writes those.
     * @returns the message as it now is
     */
    async conclude(id: Identity, outcome: SendResult): Promise<Message> {
      const set = setExpression(outcome);
      const { Attributes } = await client.send(
        new UpdateCommand({
          TableName: tableName,
          Key: keyOf(id),
          ...set,
          UpdateExpression: `${set.UpdateExpression} REMOVE senderId, senderUntil`,
          // It was made before Meta was called; one that is gone must not come back as a fragment.
          ConditionExpression: 'attribute_exists(messageId)',
          ReturnValues: 'ALL_NEW',
        }),
      );
      return Message.parse(Attributes);
    },

    /**
     * Says for a sender that must be dead that the outcome is unknown.
     * @param message as it was read
     * @returns false when it has changed since: its sender woke, or Meta's webhook came
     */
    markUnknown: (message: Message, at: number): Promise<boolean> => {
      const exists = message.waMessageId === undefined ? 'attribute_not_exists' : 'attribute_exists';
      return conditionHolds(
        client.send(
          new UpdateCommand({
            TableName: tableName,
            Key: keyOf(message),
            // The sender's id stays: should it wake and find that it never sent, it can still take the message back.
            ...setExpression(
              { outcomeUnknownAt: at, conversationId: conversationId(message.brandId, message.contact ?? '') },
              { ':senderId': message.senderId },
            ),
            ConditionExpression: `senderId = :senderId AND attribute_not_exists(outcomeUnknownAt) AND ${exists}(waMessageId)`,
          }),
        ),
      );
    },

    /**
     * Takes back a message that never left. Only its own sender can, and only while nobody knows more.
     * @returns whether it is gone
     */
    async takeBack(id: Identity & { senderId: string }): Promise<boolean> {
      try {
        await client.send(
          new DeleteCommand({
            TableName: tableName,
            Key: keyOf(id),
            ConditionExpression: 'senderId = :senderId AND attribute_not_exists(waMessageId)',
            ExpressionAttributeValues: { ':senderId': id.senderId },
            ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
          }),
        );
        return true;
      } catch (error) {
        const refused = failedCondition(error);
        if (!refused) throw error;
        return refused.item === undefined;
      }
    },

    /**
     * Records that Meta told a status, once.
     * @param seen how the message looked when the status's events were made: an unresolved one makes one more
     * @returns false when it was recorded before
     * @throws when the message became unresolved since: the status has to be looked at again
     */
    async recordStatus(
      id: Identity,
      status: WebhookStatus,
      at: number,
      attributes: Pick<Message, 'waMessageId' | 'direction' | 'errors'>,
      seen: { isUnresolved: boolean },
    ): Promise<boolean> {
      const isNews = `attribute_not_exists(${TIME_OF[status]})`;
      const condition = seen.isUnresolved ? isNews : `${isNews} AND NOT (${UNRESOLVED})`;
      if (await conditionHolds(merge(id, { ...attributes, [TIME_OF[status]]: at }, condition))) return true;
      if (seen.isUnresolved) return false;
      const [message] = await this.getMany([id]);
      if (message && isUnresolved(message)) throw new Error('The message has lost its outcome since it was read');
      return false;
    },

    /**
     * Decides, once, how an unresolved message's outcome is told: two statuses may come at the same moment.
     * @returns what was decided, by us or by whoever was faster
     */
    async reconcile(id: Identity, outcome: Reconciliation): Promise<Reconciliation> {
      const { Attributes } = await client.send(
        new UpdateCommand({
          TableName: tableName,
          Key: keyOf(id),
          UpdateExpression: 'SET reconciliation = if_not_exists(reconciliation, :outcome)',
          ConditionExpression: 'attribute_exists(messageId)',
          ExpressionAttributeValues: { ':outcome': outcome },
          ReturnValues: 'UPDATED_NEW',
        }),
      );
      return Reconciliation.parse(Attributes?.reconciliation);
    },

    /** @returns false when the message is not written yet: a fragment of it would keep it from being written */
    recordMedia: (id: Identity, media: MediaState): Promise<boolean> =>
      conditionHolds(
        client.send(
          new UpdateCommand({
            TableName: tableName,
            Key: keyOf(id),
            UpdateExpression: 'SET media = :media',
            ConditionExpression: 'attribute_exists(messageId)',
            ExpressionAttributeValues: { ':media': media },
          }),
        ),
      ),

    /**
     * At most 100 messages in one consistent read; absent ones are absent.
     * @throws when DynamoDB could not serve all of them: a message that seems absent would be recorded twice
     */
    async getMany(ids: readonly Identity[]): Promise<Message[]> {
      if (ids.length === 0) return [];
      const { Responses, UnprocessedKeys } = await client.send(
        new BatchGetCommand({ RequestItems: { [tableName]: { Keys: ids.map(keyOf), ConsistentRead: true } } }),
      );
      if (UnprocessedKeys?.[tableName]) throw new Error('Some messages could not be read');
      return (Responses?.[tableName] ?? []).map((item) => Message.parse(item));
    },

    /** Our id of a message Meta names by its own; null when we never had it, or another brand has. */
    async idOfWaMessage(brandId: string, waMessageId: string): Promise<string | null> {
      const { Items = [] } = await client.send(
        new QueryCommand({
          TableName: tableName,
          IndexName: 'byWaMessageId',
          KeyConditionExpression: 'waMessageId = :waMessageId',
          ExpressionAttributeValues: { ':waMessageId': waMessageId },
        }),
      );
      const found = Items.find((item) => String(item.brandShard).startsWith(`${brandId}#`));
      return found ? String(found.messageId) : null;
    },
  };
}
export type MessageStore = ReturnType<typeof messageStore>;
