import type { DatabaseSync } from 'node:sqlite';

type Payload = { uid?: string; grantId?: string; [claim: string]: unknown };

/**
 * Where the provider keeps sessions, codes and grants: in the stack's own database, so that who was signed in before a
 * restart still is. Interface: https://github.com/panva/node-oidc-provider/blob/main/docs/README.md#adapter
 */
export function identityAdapter(database: DatabaseSync) {
  database.exec(
    'CREATE TABLE IF NOT EXISTS identity (model TEXT, id TEXT, uid TEXT, grant_id TEXT, payload TEXT, until REAL, PRIMARY KEY (model, id))',
  );
  const put = database.prepare('INSERT OR REPLACE INTO identity VALUES (?, ?, ?, ?, ?, ?)');
  const byId = database.prepare('SELECT payload FROM identity WHERE model = ? AND id = ? AND until > ?');
  const byUid = database.prepare('SELECT payload FROM identity WHERE model = ? AND uid = ? AND until > ?');
  const consume = database.prepare(
    "UPDATE identity SET payload = json_set(payload, '$.consumed', ?) WHERE model = ? AND id = ?",
  );
  const destroy = database.prepare('DELETE FROM identity WHERE model = ? AND id = ?');
  const revoke = database.prepare('DELETE FROM identity WHERE model = ? AND grant_id = ?');
  const payloadOf = (row: Record<string, unknown> | undefined): Payload | undefined =>
    row ? JSON.parse(String(row.payload)) : undefined;

  return (model: string) => ({
    async upsert(id: string, payload: Payload, expiresInSeconds: number): Promise<void> {
      const until = Date.now() + expiresInSeconds * 1000;
      put.run(model, id, payload.uid ?? null, payload.grantId ?? null, JSON.stringify(payload), until);
    },
    find: async (id: string) => payloadOf(byId.get(model, id, Date.now())),
    findByUid: async (uid: string) => payloadOf(byUid.get(model, uid, Date.now())),
    /** Devices without a browser: not offered. */
    findByUserCode: async () => undefined,
    async consume(id: string): Promise<void> {
      consume.run(Math.floor(Date.now() / 1000), model, id);
    },
    async destroy(id: string): Promise<void> {
      destroy.run(model, id);
    },
    async revokeByGrantId(grantId: string): Promise<void> {
      revoke.run(model, grantId);
    },
  });
}
