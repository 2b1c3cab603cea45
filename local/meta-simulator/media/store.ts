import { createHash } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import * as z from 'zod';
import { randomObjectId } from '../random-ids.ts';

const DAY_MS = 24 * 3600 * 1000;
/** meta-cloud-api §3: uploads live 30 days, what came in webhooks 7. */
export const UPLOADED_MEDIA_MS = 30 * DAY_MS;
export const INBOUND_MEDIA_MS = 7 * DAY_MS;

const Row = z
  .object({
    id: z.string(),
    phone_number_id: z.string(),
    mime_type: z.string(),
    sha256_hex: z.string(),
    bytes: z.instanceof(Uint8Array),
    expires_at: z.number(),
  })
  .transform((row) => ({
    id: row.id,
    phoneNumberId: row.phone_number_id,
    mimeType: row.mime_type,
    sha256Hex: row.sha256_hex,
    bytes: Buffer.from(row.bytes),
    expiresAt: row.expires_at,
  }));

export type Media = z.infer<typeof Row>;

export function mediaStore(database: DatabaseSync) {
  const insert = database.prepare('INSERT INTO meta_media VALUES (?, ?, ?, ?, ?, ?)');
  const select = database.prepare('SELECT * FROM meta_media WHERE id = ? AND expires_at > ?');
  const remove = database.prepare('DELETE FROM meta_media WHERE id = ?');
  return {
    add(phoneNumberId: string, mimeType: string, bytes: Buffer<ArrayBuffer>, expiresAt: number): Media {
      const sha256Hex = createHash('sha256').update(bytes).digest('hex');
      const media = { id: randomObjectId(), phoneNumberId, mimeType, sha256Hex, bytes, expiresAt };
      insert.run(media.id, phoneNumberId, mimeType, sha256Hex, bytes, expiresAt);
      return media;
    },
    find(id: string, now: number): Media | undefined {
      const row = select.get(id, now);
      return row === undefined ? undefined : Row.parse(row);
    },
    delete(id: string): void {
      remove.run(id);
    },
  };
}

export type MediaStore = ReturnType<typeof mediaStore>;
