import type { DatabaseSync } from 'node:sqlite';
import * as z from 'zod';
import { toWireJson } from './wire-json.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/**
 * Waits after a failed attempt. Meta publishes only "immediately, then with decreasing frequency" (meta-cloud-api §5.2),
 * so the rungs are ours; the last one repeats.
 */
const RETRY_DELAYS_MS = [0, 1, 5, 15, 60, 300, 900, 3600, 3 * 3600, 6 * 3600, 12 * 3600, 24 * 3600].map(
  (seconds) => seconds * SECOND,
);

/** Counted from the first attempt; some of Meta's pages say 36 h, the newest 7 days. */
const GIVE_UP_AFTER_MS = 7 * 24 * HOUR;

const Attempt = z.object({ at: z.number(), status: z.number().nullable(), error: z.string().optional() });
type Attempt = z.infer<typeof Attempt>;
const Attempts = z.array(Attempt);

const blob = z.instanceof(Uint8Array).transform((bytes) => Buffer.from(bytes));

const OwedRow = z.object({
  id: z.number(),
  body: blob,
  override_url: z.string().nullable(),
  attempts: z.string(),
  attempt_count: z.number(),
  first_attempt_at: z.number().nullable(),
});

/** A webhook Meta owes us. */
export type OwedWebhook = z.infer<typeof OwedRow>;

const LogRow = z
  .object({
    id: z.number(),
    field: z.string(),
    body: blob,
    created_at: z.number(),
    due_at: z.number(),
    attempts: z.string(),
    finished: z.string().nullable(),
  })
  .transform((row) => ({
    id: row.id,
    field: row.field,
    body: row.body.toString('utf8'),
    created_at: new Date(row.created_at).toISOString(),
    /** When the next attempt is, while it is still owed. */
    due_at: new Date(row.due_at).toISOString(),
    attempts: Attempts.parse(JSON.parse(row.attempts)).map((attempt) => ({
      ...attempt,
      at: new Date(attempt.at).toISOString(),
    })),
    /** `delivered` (we said 200), `given_up`, `raw` (posted once by hand) or null: still owed. */
    finished: row.finished,
  }));

export type LoggedWebhook = z.infer<typeof LogRow>;

type WebhookToQueue = {
  field: string;
  /** WABA id, except for the account events that carry a business id. */
  entryId: string;
  value: unknown;
  dueAt: number;
  /** Template and account fields carry `entry[].time`; `messages` does not (meta-cloud-api §5.2). */
  hasEntryTime?: boolean;
  overrideUrl?: string | null;
};

/** The webhooks owed, on disk: a killed simulator still sends them after its restart. */
export function webhookOutbox(database: DatabaseSync) {
  const insert = database.prepare(
    'INSERT INTO meta_webhooks (field, body, override_url, created_at, due_at, attempts, finished) VALUES (?, ?, ?, ?, ?, ?, ?)',
  );
  const due = database.prepare(
    `SELECT id, body, override_url, attempts, attempt_count, first_attempt_at FROM meta_webhooks
     WHERE finished IS NULL AND is_claimed = 0 AND due_at <= ? ORDER BY due_at, id LIMIT ?`,
  );
  const next = database.prepare(
    'SELECT MIN(due_at) AS due_at FROM meta_webhooks WHERE finished IS NULL AND is_claimed = 0',
  );
  const claim = database.prepare('UPDATE meta_webhooks SET is_claimed = 1 WHERE id = ?');
  const release = database.prepare(
    `UPDATE meta_webhooks SET is_claimed = 0, attempts = ?, attempt_count = attempt_count + 1,
     first_attempt_at = coalesce(first_attempt_at, ?), due_at = ?, finished = ? WHERE id = ?`,
  );
  const log = database.prepare(
    'SELECT id, field, body, created_at, due_at, attempts, finished FROM meta_webhooks ORDER BY id DESC LIMIT ?',
  );
  // Claims belong to a process: whatever a killed one was posting is owed again, as with Meta possibly a second time.
  database.exec('UPDATE meta_webhooks SET is_claimed = 0 WHERE is_claimed = 1');

  return {
    queue(webhook: WebhookToQueue, now: number): void {
      const entry = {
        id: webhook.entryId,
        ...(webhook.hasEntryTime ? { time: Math.floor(webhook.dueAt / SECOND) } : {}),
        changes: [{ value: webhook.value, field: webhook.field }],
      };
      const body = toWireJson({ object: 'whatsapp_business_account', entry: [entry] });
      insert.run(webhook.field, Buffer.from(body), webhook.overrideUrl ?? null, now, webhook.dueAt, '[]', null);
    },
    /** Takes the ones to post now; each must be given back with `settle`. */
    claimDue(now: number, limit: number): OwedWebhook[] {
      const owed = due.all(now, limit).map((row) => OwedRow.parse(row));
      for (const { id } of owed) claim.run(id);
      return owed;
    },
    /** @returns null when nothing is owed. */
    nextDueAt(): number | null {
      const dueAt = next.get()?.due_at ?? null;
      return dueAt === null ? null : Number(dueAt);
    },
    /** Only 200 pays the debt; anything else, also another 2xx, is tried again until the week is over. */
    settle(webhook: OwedWebhook, attempt: Attempt, now: number): void {
      const attempts = [...Attempts.parse(JSON.parse(webhook.attempts)), attempt];
      const firstAttemptAt = webhook.first_attempt_at ?? attempt.at;
      // attempt_count is the number before this one, so it indexes the wait after it.
      const wait = RETRY_DELAYS_MS[Math.min(webhook.attempt_count, RETRY_DELAYS_MS.length - 1)] ?? 0;
      const dueAt = now + wait;
      const isOver = dueAt - firstAttemptAt > GIVE_UP_AFTER_MS;
      const finished = attempt.status === 200 ? 'delivered' : isOver ? 'given_up' : null;
      release.run(JSON.stringify(attempts), attempt.at, dueAt, finished, webhook.id);
    },
    /** Notes a body that was posted by hand. */
    logRaw(body: Buffer, attempt: Attempt): void {
      insert.run('raw', body, null, attempt.at, attempt.at, JSON.stringify([attempt]), 'raw');
    },
    /** Newest first. */
    list(limit: number): LoggedWebhook[] {
      return log.all(limit).map((row) => LogRow.parse(row));
    },
  };
}

export type WebhookOutbox = ReturnType<typeof webhookOutbox>;
