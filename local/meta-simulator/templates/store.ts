import type { DatabaseSync } from 'node:sqlite';
import * as z from 'zod';
import { GraphTemplate } from './shape.ts';

const Row = z
  .object({ rowid: z.number(), waba_id: z.string(), status: z.string(), shape: z.string() })
  .transform((row) => ({
    /** Grows with each template: what the paging cursor counts. */
    position: row.rowid,
    wabaId: row.waba_id,
    template: GraphTemplate.parse({ ...z.looseObject({}).parse(JSON.parse(row.shape)), status: row.status }),
  }));

export type StoredTemplate = z.infer<typeof Row>;

/** The name of a deleted approved template stays blocked this long (meta-cloud-api §4.3). */
const NAME_BLOCK_MS = 30 * 24 * 3600 * 1000;

/** Templates of all WABAs, deleted ones included but hidden. */
export function templateStore(database: DatabaseSync) {
  const columns = 'rowid, waba_id, status, shape';
  const insert = database.prepare(
    'INSERT INTO meta_templates (id, waba_id, name, language, status, shape, review_at) VALUES (?, ?, ?, ?, ?, ?, ?)',
  );
  const byWaba = database.prepare(
    `SELECT ${columns} FROM meta_templates WHERE waba_id = ? AND deleted_at IS NULL ORDER BY rowid`,
  );
  const byId = database.prepare(`SELECT ${columns} FROM meta_templates WHERE id = ? AND deleted_at IS NULL`);
  const byName = database.prepare(
    `SELECT ${columns} FROM meta_templates WHERE waba_id = ? AND name = ? AND language = ? AND deleted_at IS NULL`,
  );
  const blocked = database.prepare(
    `SELECT count(*) AS count FROM meta_templates
     WHERE waba_id = ? AND name = ? AND language = ? AND status = 'APPROVED' AND deleted_at > ?`,
  );
  const update = database.prepare('UPDATE meta_templates SET status = ?, shape = ?, review_at = NULL WHERE id = ?');
  const markDeleted = database.prepare('UPDATE meta_templates SET deleted_at = ?, review_at = NULL WHERE id = ?');
  const reviews = database.prepare('SELECT id, review_at FROM meta_templates WHERE review_at IS NOT NULL');
  const one = (row: unknown) => (row === undefined ? undefined : Row.parse(row));

  return {
    /** @param reviewAt when Meta decides about it; null when it is already decided */
    add(wabaId: string, template: GraphTemplate, reviewAt: number | null): void {
      const { id, name, language, status } = template;
      insert.run(id, wabaId, name, language, status, JSON.stringify(template), reviewAt);
    },
    list: (wabaId: string): StoredTemplate[] => byWaba.all(wabaId).map((row) => Row.parse(row)),
    byId: (id: string): StoredTemplate | undefined => one(byId.get(id)),
    byName: (wabaId: string, name: string, language: string): StoredTemplate | undefined =>
      one(byName.get(wabaId, name, language)),
    isNameBlocked(wabaId: string, name: string, language: string, now: number): boolean {
      return Number(blocked.get(wabaId, name, language, now - NAME_BLOCK_MS)?.count) > 0;
    },
    /** Saves the new state; a review that was still to come is off. */
    save(template: GraphTemplate): void {
      update.run(template.status, JSON.stringify(template), template.id);
    },
    delete(id: string, now: number): void {
      markDeleted.run(now, id);
    },
    /** Reviews still to come, for the timers after a restart. */
    pendingReviews: () => reviews.all().map((row) => z.object({ id: z.string(), review_at: z.number() }).parse(row)),
  };
}

export type TemplateStore = ReturnType<typeof templateStore>;
