import type { DatabaseSync, SQLOutputValue } from 'node:sqlite';
import * as z from 'zod';

export type Secret = {
  arn: string;
  name: string;
  description?: string;
  tags: { Key: string; Value?: string }[];
  createdAt: number;
  changedAt: number;
  /** When it goes for good; until then it can be restored. */
  deletesAt?: number;
};
export type Version = {
  versionId: string;
  /** One of both; `binary` is base64, as on the wire. */
  string?: string;
  binary?: string;
  stages: string[];
  createdAt: number;
};

const Secret: z.ZodType<Secret> = z.object({
  arn: z.string(),
  name: z.string(),
  description: z.string().optional(),
  tags: z.array(z.object({ Key: z.string(), Value: z.string().optional() })),
  createdAt: z.number(),
  changedAt: z.number(),
  deletesAt: z.number().optional(),
});
const Version: z.ZodType<Version> = z.object({
  versionId: z.string(),
  string: z.string().optional(),
  binary: z.string().optional(),
  stages: z.array(z.string()),
  createdAt: z.number(),
});
const parse = <Row>(schema: z.ZodType<Row>, value: SQLOutputValue | undefined): Row =>
  schema.parse(JSON.parse(String(value)));

/** Secrets and their versions. Few and rarely read (callers cache them), so nothing is kept in memory. */
export function createSecretStore(database: DatabaseSync) {
  database.exec(`
    CREATE TABLE IF NOT EXISTS secrets (arn TEXT PRIMARY KEY, name TEXT UNIQUE, secret TEXT);
    CREATE TABLE IF NOT EXISTS secret_versions (
      arn TEXT, version_id TEXT, version TEXT, PRIMARY KEY (arn, version_id));`);
  const save = database.prepare('INSERT OR REPLACE INTO secrets VALUES (?, ?, ?)');
  const saveVersion = database.prepare('INSERT OR REPLACE INTO secret_versions VALUES (?, ?, ?)');
  const byArn = database.prepare('SELECT secret FROM secrets WHERE arn = ?');
  const byName = database.prepare('SELECT secret FROM secrets WHERE name = ?');
  const versions = database.prepare('SELECT version FROM secret_versions WHERE arn = ? ORDER BY rowid');
  const remove = database.prepare('DELETE FROM secrets WHERE arn = ?');
  const removeVersion = database.prepare('DELETE FROM secret_versions WHERE arn = ? AND version_id = ?');
  const removeVersions = database.prepare('DELETE FROM secret_versions WHERE arn = ?');
  const all = database.prepare('SELECT secret FROM secrets ORDER BY name');

  return {
    save: (secret: Secret): void => void save.run(secret.arn, secret.name, JSON.stringify(secret)),
    saveVersion: (arn: string, version: Version): void =>
      void saveVersion.run(arn, version.versionId, JSON.stringify(version)),
    byArn(arn: string): Secret | undefined {
      const row = byArn.get(arn);
      return row && parse(Secret, row.secret);
    },
    byName(name: string): Secret | undefined {
      const row = byName.get(name);
      return row && parse(Secret, row.secret);
    },
    all: (): Secret[] => all.all().map((row) => parse(Secret, row.secret)),
    versions: (arn: string): Version[] => versions.all(arn).map((row) => parse(Version, row.version)),
    removeVersion: (arn: string, versionId: string): void => void removeVersion.run(arn, versionId),
    remove(arn: string): void {
      removeVersions.run(arn);
      remove.run(arn);
    },
  };
}
