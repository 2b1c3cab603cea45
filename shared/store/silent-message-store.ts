import { type DynamoDBDocumentClient, paginateQuery } from '@aws-sdk/lib-dynamodb';
import { firstIdAt } from '../ids.ts';
import { Message } from './message.ts';

/**
 * The messages table as the sweeper sees it: messages whose sender never wrote down what became of them. A sender that
 * concludes removes its `senderId`; so no index has to tell the silent ones, and no send pays for one (ADR 6).
 */
export function silentMessageStore(client: DynamoDBDocumentClient, tableName: string) {
  return {
    /** Those of one shard whose ids were made from `from` to before `to` and whose sender must be dead by `now`. */
    async find(shard: string, { from, to, now }: { from: number; to: number; now: number }): Promise<Message[]> {
      const found: Message[] = [];
      const pages = paginateQuery(
        { client },
        {
          TableName: tableName,
          KeyConditionExpression: 'brandShard = :shard AND messageId BETWEEN :from AND :to',
          FilterExpression:
            'attribute_exists(senderId) AND attribute_not_exists(outcomeUnknownAt) AND senderUntil <= :now',
          ExpressionAttributeValues: {
            ':shard': shard,
            ':from': firstIdAt('msg', from),
            // BETWEEN takes both ends; no id is as small as the first of a millisecond.
            ':to': firstIdAt('msg', to),
            ':now': now,
          },
        },
      );
      for await (const { Items = [] } of pages) found.push(...Items.map((item) => Message.parse(item)));
      return found;
    },
  };
}
export type SilentMessageStore = ReturnType<typeof silentMessageStore>;
