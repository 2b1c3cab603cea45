import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { BatchWriteCommand, DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { brandShard, conversationId, newId } from '../shared/ids.ts';
import { EXTERNAL_PREFIX } from '../shared/routes.ts';
import { startStack } from '../test/support/local-stack.ts';

const MESSAGES = 100_000;
const CONVERSATIONS = 10_000;
const REPEATS = 60;
const PAGE = 25;
const MAX_PAGE = 100;
/** Page 400 of messages, of 25 each; the cost of a page must not grow with its number. */
const DEEP_PAGE = 400;
/** DynamoDB takes 25 writes in a batch. */
const BATCH = 25;
const AT_ONCE = 16;
/** Below the local stage's throttle of 100 requests a second. */
const PAUSE_MS = 12;

const RESULTS = path.join(import.meta.dirname, 'READS.md');

type Item = Record<string, unknown>;

const stack = await startStack({ isInspected: false });
try {
  const credentials = { accessKeyId: 'local-admin', secretAccessKey: 'local' };
  const client = DynamoDBDocumentClient.from(
    new DynamoDBClient({ endpoint: stack.dynamodb_endpoint_url, region: 'us-east-1', credentials }),
  );
  const brandId = stack.brand_id;
  const begin = Date.now() - MESSAGES * 1000;
  const contactOf = (index: number): string => `1555010${String(index % CONVERSATIONS).padStart(4, '0')}`;

  const messages = function* (): Generator<Item> {
    for (let index = 0; index < MESSAGES; index++) {
      const createdAt = begin + index * 1000;
      const messageId = newId('msg', createdAt);
      const contact = contactOf(index);
      yield {
        brandShard: brandShard(brandId, messageId),
        messageId,
        brandId,
        direction: index % 3 === 0 ? 'outbound' : 'inbound',
        type: 'text',
        contact,
        conversationId: conversationId(brandId, contact),
        waMessageId: `wamid.BENCH${index}`,
        content: { body: 'A text of usual length, as people write them to a shop about a parcel.' },
        createdAt,
        acceptedAt: createdAt,
      };
    }
  };
  const conversations = function* (): Generator<Item> {
    for (let index = 0; index < CONVERSATIONS; index++) {
      const phone = contactOf(index);
      const id = conversationId(brandId, phone);
      const lastInboundAt = begin + (MESSAGES - CONVERSATIONS + index) * 1000;
      yield {
        brandShard: brandShard(brandId, id),
        conversationId: id,
        ...{ brandId, phone, userId: null, name: 'Ada', username: null, phoneNumberId: '1', lastInboundAt },
        lastActivity: `${new Date(lastInboundAt).toISOString()}#${id}`,
      };
    }
  };
  const write = async (table: string, items: Iterator<Item>): Promise<void> => {
    const TableName = stack.tables[table] ?? '';
    let written = 0;
    const worker = async (): Promise<void> => {
      for (;;) {
        const batch: Item[] = [];
        for (let next = items.next(); batch.length < BATCH && !next.done; next = items.next()) {
          batch.push(next.value);
          if (batch.length === BATCH) break;
        }
        if (batch.length === 0) return;
        written += batch.length;
        if (written % 10_000 < BATCH) console.error(`${table}: ${written}`);
        await client.send(
          new BatchWriteCommand({ RequestItems: { [TableName]: batch.map((Item) => ({ PutRequest: { Item } })) } }),
        );
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
  };
  console.error('writing …');
  await write('messages', messages());
  await write('conversations', conversations());

  const get = async (call: string): Promise<{ ms: number; body: Record<string, unknown> }> => {
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    const started = performance.now();
    const response = await fetch(`${stack.api_url}/api${EXTERNAL_PREFIX}${call}`, {
      headers: { 'X-API-Key': stack.api_key },
    });
    const body = (await response.json()) as Record<string, unknown>;
    if (!response.ok) throw new Error(`${call} answered ${response.status}: ${JSON.stringify(body)}`);
    return { ms: performance.now() - started, body };
  };
  /** The cursor of a page, reached by larger ones: a cursor is good for any. */
  const walk = async (list: string, page: number): Promise<string> => {
    let cursor = '';
    for (let left = (page - 1) * PAGE; left > 0; left -= MAX_PAGE) {
      const limit = Math.min(left, MAX_PAGE);
      cursor = String((await get(`${list}?limit=${limit}${cursor && `&cursor=${cursor}`}`)).body.next_cursor);
    }
    return cursor;
  };
  const first = (await get(`/messages?limit=1`)).body.data as {
    id: string;
    wa_message_id: string;
    conversation_id: string;
  }[];
  const [{ id, wa_message_id, conversation_id } = { id: '', wa_message_id: '', conversation_id: '' }] = first;
  const deepMessages = await walk('/messages', DEEP_PAGE);
  const deepConversations = await walk('/conversations', DEEP_PAGE);
  const calls: [string, string][] = [
    ['messages, page 1', `/messages?limit=${PAGE}`],
    [`messages, page ${DEEP_PAGE}`, `/messages?limit=${PAGE}&cursor=${deepMessages}`],
    ['messages of one direction', `/messages?limit=${PAGE}&direction=outbound`],
    ['messages of a contact', `/messages?limit=${PAGE}&contact=${contactOf(7)}`],
    ['a message by our id', `/messages/${id}`],
    ['a message by its wamid', `/messages/${wa_message_id}`],
    ['conversations, page 1', `/conversations?limit=${PAGE}`],
    [`conversations, page ${DEEP_PAGE}`, `/conversations?limit=${PAGE}&cursor=${deepConversations}`],
    ['messages of a conversation', `/conversations/${conversation_id}/messages?limit=${PAGE}`],
    ['templates', '/templates'],
    ['a template', '/templates/order_update'],
    ['events', `/webhooks/events?limit=${PAGE}`],
    ['the key', '/key'],
  ];
  const functionOf: Record<string, string> = { '/messages': 'list-messages', '/conversations': 'list-conversations' };
  const times = new Map<string, number[]>(calls.map(([name]) => [name, []]));
  const units = new Map<string, number>();
  // In turn, so that what else the machine does strikes all alike.
  for (let round = -3; round < REPEATS; round++) {
    for (const [name, call] of calls) {
      const fn = functionOf[call.split('?')[0] ?? ''];
      if (round === 0 && fn) await stack.control.resetCalls();
      const { ms } = await get(call);
      if (round >= 0) times.get(name)?.push(ms);
      if (round === 0 && fn) {
        const counted = (await stack.control.calls())[fn] ?? {};
        units.set(
          name,
          Object.values(counted).reduce((sum, { read_units }) => sum + read_units, 0),
        );
      }
    }
  }
  const quantile = (name: string, q: number): string => {
    const sorted = (times.get(name) ?? []).toSorted((a, b) => a - b);
    return (sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))] ?? 0).toFixed(1);
  };
  const rows = calls.map(
    ([name]) => `| ${name} | ${quantile(name, 0.5)} | ${quantile(name, 0.99)} | ${units.get(name)?.toFixed(1) ?? ''} |`,
  );
  const text = `# Reads, on a brand with ${MESSAGES.toLocaleString('en')} messages and ${CONVERSATIONS.toLocaleString('en')} conversations

\`npm run bench:reads\`, against the local stack (its own process; DynamoDB is dynoxide), ${REPEATS} times each, in turn. Pages
have ${PAGE} rows. Read units are counted at the wire.

| endpoint | p50 ms | p99 ms | read units |
|---|---:|---:|---:|
${rows.join('\n')}
`;
  console.log(text);
  if (process.argv.includes('--write')) writeFileSync(RESULTS, text);
  client.destroy();
} finally {
  await stack.stop();
}
