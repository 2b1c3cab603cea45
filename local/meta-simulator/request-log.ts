import type { IncomingHttpHeaders } from 'node:http';
import type { DatabaseSync } from 'node:sqlite';
import * as z from 'zod';

const Headers = z.record(z.string(), z.unknown());

const RequestRow = z
  .object({
    at: z.number(),
    method: z.string(),
    path: z.string(),
    headers: z.string(),
    body: z.string(),
    answered: z.number().nullable(),
    outcome: z.string().nullable(),
  })
  .transform((row) => ({
    /** Virtual time. */
    at: new Date(row.at).toISOString(),
    method: row.method,
    /** With version and query. */
    path: row.path,
    headers: Headers.parse(JSON.parse(row.headers)),
    /** Parsed when it was JSON, else the text; null when there was none. */
    body: JSON.parse(row.body) as unknown,
    /** HTTP status; null when we never answered. */
    answered: row.answered,
    /** What a send was made to do: a name of outcomes.ts. */
    outcome: row.outcome,
  }));

export type LoggedRequest = z.infer<typeof RequestRow>;

/** Every Graph call that reached us, also the refused ones. */
export function requestLog(database: DatabaseSync) {
  const insert = database.prepare('INSERT INTO meta_requests (at, method, path, headers, body) VALUES (?, ?, ?, ?, ?)');
  const finish = database.prepare('UPDATE meta_requests SET answered = ?, outcome = ? WHERE id = ?');
  const list = database.prepare(
    'SELECT at, method, path, headers, body, answered, outcome FROM meta_requests ORDER BY id',
  );
  const clear = database.prepare('DELETE FROM meta_requests');
  return {
    /** Written before we answer: a call we died over is in the log too. */
    note(call: { at: number; method: string; path: string; headers: IncomingHttpHeaders; body: unknown }): number {
      const headers = {
        ...call.headers,
        ...(call.headers.authorization ? { authorization: 'Bearer [redacted]' } : {}),
      };
      const path = call.path.replaceAll(/((?:access|input)_token|appsecret_proof)=[^&]*/g, '$1=[redacted]');
      const body = JSON.stringify(call.body ?? null);
      return Number(insert.run(call.at, call.method, path, JSON.stringify(headers), body).lastInsertRowid);
    },
    answer(id: number, status: number | null, outcome: string | null): void {
      finish.run(status, outcome, id);
    },
    list: (): LoggedRequest[] => list.all().map((row) => RequestRow.parse(row)),
    clear: (): void => void clear.run(),
  };
}

export type RequestLog = ReturnType<typeof requestLog>;
