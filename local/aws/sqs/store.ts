import type { DatabaseSync, SQLOutputValue } from 'node:sqlite';
import * as z from 'zod';
import type { MessageAttributes } from './message-attributes.ts';
import type { Entry } from './queue-index.ts';

/** What is not needed to decide which message is next, so is read only when one is handed out. */
export type Content = { body: string; attributes?: MessageAttributes; traceHeader?: string; sender: string };
export type QueueRow = {
  name: string;
  attributes: Record<string, string>;
  tags: Record<string, string>;
  createdAt: number;
};
export type MoveTask = {
  handle: string;
  sourceArn: string;
  destinationArn?: string;
  messagesPerSecond?: number;
  status: 'RUNNING' | 'COMPLETED' | 'CANCELLING' | 'CANCELLED' | 'FAILED';
  moved: number;
  toMove: number;
  startedAt: number;
  failureReason?: string;
  /** Who started it: each move is made in this caller's name. */
  accessKeyId: string;
};

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS sqs_queues (name TEXT PRIMARY KEY, attributes TEXT, tags TEXT, created_at REAL);
  CREATE TABLE IF NOT EXISTS sqs_messages (
    row INTEGER PRIMARY KEY AUTOINCREMENT, queue TEXT, message_id TEXT, group_name TEXT, body TEXT, attributes TEXT,
    trace_header TEXT, sender TEXT, sent_at REAL, arrived_at REAL, due_at REAL, first_received_at REAL, received_at REAL,
    receive_count INTEGER, receives_here INTEGER, receipt TEXT, source_arn TEXT);
  CREATE TABLE IF NOT EXISTS sqs_move_tasks (handle TEXT PRIMARY KEY, task TEXT);`;

const text = (value: SQLOutputValue | undefined): string | undefined => (value == null ? undefined : String(value));
const number = (value: SQLOutputValue | undefined): number | undefined => (value == null ? undefined : Number(value));
/** These tables are written by this file only; the schemas say what was put in. */
const StringMap = z.record(z.string(), z.string());
const Attributes = z.record(
  z.string(),
  z.object({ DataType: z.string(), StringValue: z.string().optional(), BinaryValue: z.string().optional() }),
);
const Task: z.ZodType<MoveTask> = z.object({
  handle: z.string(),
  sourceArn: z.string(),
  destinationArn: z.string().optional(),
  messagesPerSecond: z.number().optional(),
  status: z.enum(['RUNNING', 'COMPLETED', 'CANCELLING', 'CANCELLED', 'FAILED']),
  moved: z.number(),
  toMove: z.number(),
  startedAt: z.number(),
  failureReason: z.string().optional(),
  accessKeyId: z.string(),
});

/** SQS's tables: every change is here before a call is answered. */
export function createSqsStore(database: DatabaseSync) {
  database.exec(SCHEMA);
  const insert = database.prepare(
    `INSERT INTO sqs_messages (queue, message_id, group_name, body, attributes, trace_header, sender, sent_at, arrived_at,
       due_at, receive_count, receives_here) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, 0)`,
  );
  const read = database.prepare('SELECT body, attributes, trace_header, sender FROM sqs_messages WHERE row = ?');
  const update = database.prepare(
    `UPDATE sqs_messages SET queue = ?, message_id = ?, sent_at = ?, arrived_at = ?, due_at = ?, first_received_at = ?,
       received_at = ?, receive_count = ?, receives_here = ?, receipt = ?, source_arn = ? WHERE row = ?`,
  );
  const remove = database.prepare('DELETE FROM sqs_messages WHERE row = ?');
  const saveQueue = database.prepare('INSERT OR REPLACE INTO sqs_queues VALUES (?, ?, ?, ?)');
  const removeQueue = database.prepare('DELETE FROM sqs_queues WHERE name = ?');
  const saveTask = database.prepare('INSERT OR REPLACE INTO sqs_move_tasks VALUES (?, ?)');

  return {
    /** @returns the row of the new message */
    insert(queue: string, entry: Omit<Entry, 'row'>, content: Content): number {
      const { body, attributes, traceHeader, sender } = content;
      const attributesText = attributes ? JSON.stringify(attributes) : null;
      const { messageId, group, sentAt, arrivedAt, dueAt } = entry;
      return Number(
        insert.run(queue, messageId, group, body, attributesText, traceHeader ?? null, sender, sentAt, arrivedAt, dueAt)
          .lastInsertRowid,
      );
    },
    content(row: number): Content {
      const found = read.get(row);
      if (!found) throw new Error(`message ${row} is in the index but not in the database`);
      return {
        body: String(found.body),
        attributes: found.attributes == null ? undefined : Attributes.parse(JSON.parse(String(found.attributes))),
        traceHeader: text(found.trace_header),
        sender: String(found.sender),
      };
    },
    update(queue: string, entry: Entry): void {
      const { messageId, sentAt, arrivedAt, dueAt, receiveCount, receivesHere, row } = entry;
      const received = [entry.firstReceivedAt ?? null, entry.receivedAt ?? null] as const;
      const last = [entry.receipt ?? null, entry.sourceArn ?? null, row] as const;
      update.run(queue, messageId, sentAt, arrivedAt, dueAt, ...received, receiveCount, receivesHere, ...last);
    },
    remove: (row: number): void => void remove.run(row),
    saveQueue({ name, attributes, tags, createdAt }: QueueRow): void {
      saveQueue.run(name, JSON.stringify(attributes), JSON.stringify(tags), createdAt);
    },
    removeQueue: (name: string): void => void removeQueue.run(name),
    saveTask: (task: MoveTask): void => void saveTask.run(task.handle, JSON.stringify(task)),
    loadQueues: (): QueueRow[] =>
      database
        .prepare('SELECT * FROM sqs_queues')
        .all()
        .map((row) => ({
          name: String(row.name),
          attributes: StringMap.parse(JSON.parse(String(row.attributes))),
          tags: StringMap.parse(JSON.parse(String(row.tags))),
          createdAt: Number(row.created_at),
        })),
    loadTasks: (): MoveTask[] =>
      database
        .prepare('SELECT task FROM sqs_move_tasks ORDER BY rowid')
        .all()
        .map((row) => Task.parse(JSON.parse(String(row.task)))),
    /** All messages, first due first, without their content. */
    *loadMessages(): Generator<{ queue: string; entry: Entry }> {
      const rows = database.prepare(
        `SELECT row, queue, message_id, group_name, sent_at, arrived_at, due_at, first_received_at, received_at,
           receive_count, receives_here, receipt, source_arn FROM sqs_messages ORDER BY due_at, row`,
      );
      for (const row of rows.iterate())
        yield {
          queue: String(row.queue),
          entry: {
            row: Number(row.row),
            messageId: String(row.message_id),
            group: String(row.group_name),
            sentAt: Number(row.sent_at),
            arrivedAt: Number(row.arrived_at),
            dueAt: Number(row.due_at),
            firstReceivedAt: number(row.first_received_at),
            receivedAt: number(row.received_at),
            receiveCount: Number(row.receive_count),
            receivesHere: Number(row.receives_here),
            receipt: text(row.receipt),
            sourceArn: text(row.source_arn),
          },
        };
    },
  };
}
export type SqsStore = ReturnType<typeof createSqsStore>;
