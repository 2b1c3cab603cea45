import type { DatabaseSync } from 'node:sqlite';
import * as z from 'zod';

const Row = z
  .object({
    wamid: z.string(),
    phone_number_id: z.string(),
    wa_id: z.string().nullable(),
    user_id: z.string(),
    type: z.string(),
    body: z.string(),
    callback_data: z.string().nullable(),
    category: z.string(),
    outcome: z.string(),
    accepted_at: z.number(),
    is_sent: z.number(),
  })
  .transform((row) => ({
    wamid: row.wamid,
    phoneNumberId: row.phone_number_id,
    /** Null when the person is known by user id only. */
    waId: row.wa_id,
    userId: row.user_id,
    type: row.type,
    /** The request as it came. */
    body: z.unknown().parse(JSON.parse(row.body)),
    callbackData: row.callback_data,
    /** Pricing category. */
    category: row.category,
    outcome: row.outcome,
    acceptedAt: row.accepted_at,
    isSent: row.is_sent === 1,
  }));

/** A message Meta took from us. */
export type OutboundMessage = z.infer<typeof Row>;

const WINDOW_MS = 24 * 3600 * 1000;

/** What was taken, and who wrote to whom when. */
export function messageStore(database: DatabaseSync) {
  const insert = database.prepare('INSERT INTO meta_messages VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)');
  const select = database.prepare('SELECT * FROM meta_messages WHERE wamid = ?');
  const sent = database.prepare('SELECT * FROM meta_messages WHERE is_sent = 1 ORDER BY rowid');
  const clear = database.prepare('DELETE FROM meta_messages');
  const openWindow = database.prepare(
    `INSERT INTO meta_service_windows VALUES (?, ?, ?)
     ON CONFLICT (phone_number_id, user_id) DO UPDATE SET last_inbound_at = excluded.last_inbound_at`,
  );
  const window = database.prepare(
    'SELECT last_inbound_at FROM meta_service_windows WHERE phone_number_id = ? AND user_id = ?',
  );
  return {
    add(message: OutboundMessage): void {
      const { wamid, phoneNumberId, waId, userId, type, body, callbackData, category, outcome, acceptedAt, isSent } =
        message;
      const text = JSON.stringify(body);
      insert.run(
        wamid,
        phoneNumberId,
        waId,
        userId,
        type,
        text,
        callbackData,
        category,
        outcome,
        acceptedAt,
        isSent ? 1 : 0,
      );
    },
    byWamid(wamid: string): OutboundMessage | undefined {
      const row = select.get(wamid);
      return row === undefined ? undefined : Row.parse(row);
    },
    /** Those that went out to people, oldest first. */
    listSent: (): OutboundMessage[] => sent.all().map((row) => Row.parse(row)),
    clear: (): void => void clear.run(),
    /** Each message or call of a person opens the 24 hours anew. */
    openWindow(phoneNumberId: string, userId: string, at: number): void {
      openWindow.run(phoneNumberId, userId, at);
    },
    isWindowOpen(phoneNumberId: string, userId: string, now: number): boolean {
      const row = window.get(phoneNumberId, userId);
      return row !== undefined && now - Number(row.last_inbound_at) < WINDOW_MS;
    },
  };
}

export type MessageStore = ReturnType<typeof messageStore>;
