import type { DatabaseSync } from 'node:sqlite';
import * as z from 'zod';
import type { Verification } from './signatures.ts';

const TABLES = `
  CREATE TABLE IF NOT EXISTS receiver_settings (name TEXT PRIMARY KEY, value TEXT NOT NULL);
  CREATE TABLE IF NOT EXISTS receiver_received (
    id INTEGER PRIMARY KEY, received_at INTEGER NOT NULL, path TEXT NOT NULL, event_id TEXT, event_type TEXT,
    answered INTEGER, quixess_valid INTEGER NOT NULL, standard_valid INTEGER NOT NULL, problem TEXT,
    headers TEXT NOT NULL, body BLOB NOT NULL);
  CREATE INDEX IF NOT EXISTS receiver_received_by_event ON receiver_received (event_id);
  CREATE INDEX IF NOT EXISTS receiver_received_by_type ON receiver_received (event_type);
`;

const Headers = z.record(z.string(), z.unknown());

const Row = z
  .object({
    id: z.number(),
    received_at: z.number(),
    path: z.string(),
    answered: z.number().nullable(),
    quixess_valid: z.number(),
    standard_valid: z.number(),
    problem: z.string().nullable(),
    headers: z.string(),
    body: z.instanceof(Uint8Array),
  })
  .transform((row) => ({
    id: row.id,
    /** Virtual time. */
    received_at: new Date(row.received_at).toISOString(),
    path: row.path,
    /** HTTP status; null when the sender got none (hang, reset, gave up first). */
    answered: row.answered,
    /** Both schemes hold. */
    signature_valid: row.quixess_valid === 1 && row.standard_valid === 1,
    signatures: { quixess: row.quixess_valid === 1, standard: row.standard_valid === 1 },
    signature_problem: row.problem,
    headers: Headers.parse(JSON.parse(row.headers)),
    /** As it came over the wire. */
    body: Buffer.from(row.body).toString('utf8'),
  }));

export type Received = z.infer<typeof Row>;

export type Filter = { event_type?: string; event_id?: string; path?: string; after_id?: number; limit?: number };

type NewDelivery = {
  receivedAt: number;
  path: string;
  eventId: string | null;
  eventType: string | null;
  answered: number | null;
  verification: Verification;
  headers: object;
  body: Buffer;
};

/** What was delivered, and the receiver's settings; on disk, so a restart keeps them. */
export function receiverStore(database: DatabaseSync) {
  // A file nobody tuned gets WAL: the default journal costs two fsyncs for each event.
  if (database.prepare('PRAGMA journal_mode').get()?.journal_mode === 'delete') {
    database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL');
  }
  database.exec(TABLES);
  const insert = database.prepare(
    `INSERT INTO receiver_received (received_at, path, event_id, event_type, answered, quixess_valid, standard_valid,
     problem, headers, body) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const setAnswered = database.prepare('UPDATE receiver_received SET answered = ? WHERE id = ?');
  const clear = database.prepare('DELETE FROM receiver_received');
  const select = (order: 'ASC' | 'DESC') =>
    database.prepare(
      `SELECT * FROM receiver_received
       WHERE (:event_type IS NULL OR event_type = :event_type) AND (:event_id IS NULL OR event_id = :event_id)
         AND (:path IS NULL OR path = :path) AND id > :after_id ORDER BY id ${order} LIMIT :limit`,
    );
  // One statement for the question asked most in long runs: SQLite plans "x IS NULL OR …" without an index.
  const byEventId = database.prepare('SELECT * FROM receiver_received WHERE event_id = ? ORDER BY id');
  const [oldestFirst, newestFirst] = [select('ASC'), select('DESC')];
  const summary = database.prepare(
    `SELECT count(*) AS deliveries, count(DISTINCT event_id) AS events,
       coalesce(sum(quixess_valid = 0 OR standard_valid = 0), 0) AS invalid FROM receiver_received`,
  );
  const readSetting = database.prepare('SELECT value FROM receiver_settings WHERE name = ?');
  const writeSetting = database.prepare('INSERT OR REPLACE INTO receiver_settings (name, value) VALUES (?, ?)');
  const removeSettings = database.prepare("DELETE FROM receiver_settings WHERE name LIKE ? || '%'");

  function list(statement: typeof oldestFirst, filter: Filter): Received[] {
    const { event_type = null, event_id = null, path = null, after_id = 0, limit = -1 } = filter;
    return statement.all({ event_type, event_id, path, after_id, limit }).map((row) => Row.parse(row));
  }

  return {
    add(delivery: NewDelivery): number {
      const { receivedAt, path, eventId, eventType, answered, verification, headers, body } = delivery;
      const { quixess, standard, problem } = verification;
      const flags = [quixess ? 1 : 0, standard ? 1 : 0] as const;
      const { lastInsertRowid } = insert.run(
        ...[receivedAt, path, eventId, eventType, answered, ...flags, problem, JSON.stringify(headers), body],
      );
      return Number(lastInsertRowid);
    },
    answer(id: number, status: number): void {
      setAnswered.run(status, id);
    },
    /** Oldest first. */
    list(filter: Filter): Received[] {
      const isByEventIdOnly = filter.event_id !== undefined && Object.keys(filter).length === 1;
      return isByEventIdOnly
        ? byEventId.all(filter.event_id ?? null).map((row) => Row.parse(row))
        : list(oldestFirst, filter);
    },
    newest: (limit: number): Received[] => list(newestFirst, { limit }),
    summary: () => z.object({ deliveries: z.number(), events: z.number(), invalid: z.number() }).parse(summary.get()),
    clear: (): void => void clear.run(),
    readSetting(name: string): unknown {
      const row = readSetting.get(name);
      return row === undefined ? undefined : JSON.parse(String(row.value));
    },
    writeSetting: (name: string, value: unknown): void => void writeSetting.run(name, JSON.stringify(value)),
    /** All settings whose name starts with this. */
    removeSettings: (prefix: string): void => void removeSettings.run(prefix),
  };
}

export type ReceiverStore = ReturnType<typeof receiverStore>;
