import type { DatabaseSync } from 'node:sqlite';

/**
 * Everything Meta would remember through a crash of ours. Prefix `meta_`, because the local stack keeps other parts'
 * tables in the same file. Times are virtual milliseconds since the epoch.
 */
const TABLES = `
  CREATE TABLE IF NOT EXISTS meta_settings (name TEXT PRIMARY KEY, value TEXT NOT NULL);
  CREATE TABLE IF NOT EXISTS meta_accounts (
    waba_id TEXT PRIMARY KEY, phone_number_id TEXT NOT NULL UNIQUE, business_id TEXT NOT NULL,
    display_phone_number TEXT NOT NULL, verified_name TEXT NOT NULL, access_token TEXT NOT NULL UNIQUE,
    is_subscribed INTEGER NOT NULL, override_url TEXT, created_at INTEGER NOT NULL);
  CREATE TABLE IF NOT EXISTS meta_tokens (token TEXT PRIMARY KEY, waba_id TEXT NOT NULL, shape TEXT NOT NULL);
  CREATE TABLE IF NOT EXISTS meta_people (
    user_id TEXT PRIMARY KEY, phone TEXT UNIQUE, name TEXT NOT NULL, username TEXT);
  CREATE TABLE IF NOT EXISTS meta_service_windows (
    phone_number_id TEXT NOT NULL, user_id TEXT NOT NULL, last_inbound_at INTEGER NOT NULL,
    PRIMARY KEY (phone_number_id, user_id));
  CREATE TABLE IF NOT EXISTS meta_messages (
    wamid TEXT PRIMARY KEY, phone_number_id TEXT NOT NULL, wa_id TEXT, user_id TEXT NOT NULL, type TEXT NOT NULL,
    body TEXT NOT NULL, callback_data TEXT, category TEXT NOT NULL, outcome TEXT NOT NULL,
    accepted_at INTEGER NOT NULL, is_sent INTEGER NOT NULL);
  CREATE TABLE IF NOT EXISTS meta_templates (
    id TEXT PRIMARY KEY, waba_id TEXT NOT NULL, name TEXT NOT NULL, language TEXT NOT NULL, status TEXT NOT NULL,
    shape TEXT NOT NULL, review_at INTEGER, deleted_at INTEGER);
  CREATE INDEX IF NOT EXISTS meta_templates_by_name ON meta_templates (waba_id, name, language);
  CREATE TABLE IF NOT EXISTS meta_media (
    id TEXT PRIMARY KEY, phone_number_id TEXT NOT NULL, mime_type TEXT NOT NULL, sha256_hex TEXT NOT NULL,
    bytes BLOB NOT NULL, expires_at INTEGER NOT NULL);
  CREATE TABLE IF NOT EXISTS meta_webhooks (
    id INTEGER PRIMARY KEY, field TEXT NOT NULL, body BLOB NOT NULL, override_url TEXT, created_at INTEGER NOT NULL,
    due_at INTEGER NOT NULL, attempts TEXT NOT NULL DEFAULT '[]', attempt_count INTEGER NOT NULL DEFAULT 0,
    first_attempt_at INTEGER, is_claimed INTEGER NOT NULL DEFAULT 0, finished TEXT);
  CREATE INDEX IF NOT EXISTS meta_webhooks_owed ON meta_webhooks (due_at, id) WHERE finished IS NULL AND is_claimed = 0;
  CREATE TABLE IF NOT EXISTS meta_requests (
    id INTEGER PRIMARY KEY, at INTEGER NOT NULL, method TEXT NOT NULL, path TEXT NOT NULL, headers TEXT NOT NULL,
    body TEXT NOT NULL, answered INTEGER, outcome TEXT);
`;

/**
 * Makes the tables when missing. A file nobody tuned gets WAL: with SQLite's default journal every status webhook
 * would cost two fsyncs. WAL keeps what is committed through a `kill -9`.
 */
export function prepareDatabase(database: DatabaseSync): void {
  const journal = database.prepare('PRAGMA journal_mode').get()?.journal_mode;
  if (journal === 'delete') database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL');
  database.exec(TABLES);
}

/** One value per name, as JSON: identity, behaviour, the webhook URL. */
export function settingsStore(database: DatabaseSync) {
  const select = database.prepare('SELECT value FROM meta_settings WHERE name = ?');
  const upsert = database.prepare(
    'INSERT INTO meta_settings (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value',
  );
  const remove = database.prepare('DELETE FROM meta_settings WHERE name = ?');
  return {
    /** @returns undefined when never set; the caller's schema says what it must look like. */
    read(name: string): unknown {
      const row = select.get(name);
      return row === undefined ? undefined : JSON.parse(String(row.value));
    },
    write(name: string, value: unknown): void {
      upsert.run(name, JSON.stringify(value));
    },
    remove(name: string): void {
      remove.run(name);
    },
  };
}

export type SettingsStore = ReturnType<typeof settingsStore>;
