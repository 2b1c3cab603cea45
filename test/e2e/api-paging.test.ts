import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { conversationId, newId } from '../../shared/ids.ts';
import { messageStore } from '../../shared/store/message-store.ts';
import { documentedApi } from '../support/documented.ts';
import { type RunningStack, startStack } from '../support/local-stack.ts';

const EXISTING = 1000;
const INSERTED = 200;
const CONTACT = '15550109996';

let stack: RunningStack;
let dynamodb: DynamoDBClient;
beforeAll(async () => {
  stack = await startStack();
  const credentials = { accessKeyId: 'local-admin', secretAccessKey: 'local' };
  dynamodb = new DynamoDBClient({ endpoint: stack.aws_endpoint_url, region: 'us-east-1', credentials });
}, 120_000);
afterAll(async () => {
  dynamodb?.destroy();
  await stack?.stop();
});

test.each([
  ['the list of all messages', '/messages', 40],
  ['a conversation', '', 100],
])(
  'walking %s while others are inserted shows each one that was there once, in order',
  async (_name, list, limit) => {
    const messages = messageStore(DynamoDBDocumentClient.from(dynamodb), stack.tables.messages ?? '');
    const contact = `${CONTACT}${limit}`.slice(0, 15);
    const conversation = conversationId(stack.brand_id, contact);
    const begin = Date.now() - 3_600_000;
    const insert = async (at: number): Promise<string> => {
      const messageId = newId('msg', at);
      const common = { brandId: stack.brand_id, direction: 'inbound' as const, type: 'text', content: { body: 'x' } };
      await messages.insert({ messageId, ...common, contact, conversationId: conversation, createdAt: at });
      return messageId;
    };
    // Several in the same millisecond: their order is that of their ids.
    const existing: string[] = [];
    for (let first = 0; first < EXISTING; first += 50) {
      existing.push(
        ...(await Promise.all(
          Array.from({ length: 50 }, (_, index) => insert(begin + Math.floor((first + index) / 3))),
        )),
      );
    }
    const api = documentedApi(stack);
    const path = list || `/conversations/${conversation}/messages`;
    const seen: string[] = [];
    let inserted = 0;
    let cursor: string | null = null;
    do {
      const page: { data: { id: string }[]; next_cursor: string | null } = (
        await api('GET', `${path}?limit=${limit}${cursor === null ? '' : `&cursor=${cursor}`}`)
      ).body;
      seen.push(...page.data.map(({ id }) => id));
      cursor = page.next_cursor;
      // Newer ones, and late ones of earlier times, as Meta tells them.
      for (let one = 0; one < 20 && inserted < INSERTED; one++, inserted++)
        await insert(inserted % 2 === 0 ? Date.now() : begin + inserted);
    } while (cursor !== null);

    expect(inserted).toBe(INSERTED);
    expect(new Set(seen).size).toBe(seen.length);
    const wanted = new Set(existing);
    expect(seen.filter((id) => wanted.has(id))).toEqual(existing.toSorted().reverse());
    expect(seen).toEqual(seen.toSorted().reverse());
  },
  60_000,
);
