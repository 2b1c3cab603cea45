import { type DynamoDBDocumentClient, paginateQuery, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { brandShard, firstIdAt } from '../ids.ts';
import { conditionHolds } from './conditional.ts';
import { Message } from './message-store.ts';

export type SilentMessage = Message & { senderId: string; senderUntil: number };

/**
 * The messages table as the sweeper sees it: messages whose sender never wrote down what became of them. A sender that
 * concludes removes its `senderId`; so no index has to tell the silent ones, and no send pays for one (ADR 5).
 */
export function silentMessageStore(client: DynamoDBDocumentClient, tableName: string) {
  return {
    /** Those of one shard whose ids were made from `from` to before `to` and whose sender must be dead by `now`. */
    async find(shard: string, { from, to, now }: { from: number; to: number; now: number }): Promise<SilentMessage[]> {
      const found: SilentMessage[] = [];
      const pages = paginateQuery(
        { client },
        {
          TableName: tableName,
          KeyConditionExpression: 'brandShard = :shard AND messageId BETWEEN :from AND :to',
          FilterExpression: 'attribute_exists(senderId) AND senderUntil <= :now',
          ExpressionAttributeValues: {
            ':shard': shard,
            ':from': firstIdAt('msg', from),
            // BETWEEN takes both ends; no id is as small as the first of a millisecond.
            ':to': firstIdAt('msg', to),
            ':now': now,
          },
        },
      );
      for await (const { Items = [] } of pages) found.push(...Items.map((item) => asSilent(Message.parse(item))));
      return found;
    },

    /**
     * Says for its dead sender that the outcome is unknown.
     * @returns false when it has changed since it was read: its sender woke, or Meta's webhook came
     */
    markUnknown: (message: SilentMessage, conversationId: string, at: number): Promise<boolean> =>
      conditionHolds(
        client.send(
          new UpdateCommand({
            TableName: tableName,
            Key: { brandShard: brandShard(message.brandId, message.messageId), messageId: message.messageId },
            UpdateExpression:
              'SET outcomeUnknownAt = :at, conversationId = :conversationId REMOVE senderId, senderUntil',
            ConditionExpression: `senderId = :senderId AND ${message.waMessageId === undefined ? 'attribute_not_exists' : 'attribute_exists'}(waMessageId)`,
            ExpressionAttributeValues: {
              ':at': at,
              ':conversationId': conversationId,
              ':senderId': message.senderId,
            },
          }),
        ),
      ),
  };
}
export type SilentMessageStore = ReturnType<typeof silentMessageStore>;

const asSilent = (message: Message): SilentMessage => ({
  ...message,
  senderId: message.senderId ?? '',
  senderUntil: message.senderUntil ?? 0,
});
