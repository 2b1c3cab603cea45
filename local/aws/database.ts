import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/**
 * Opens the file that holds the state of the emulated services (`:memory:` for tests that never restart).
 *
 * Write-ahead log and no fsync: a commit is in the kernel's page cache when the call returns, so it survives `kill -9`
 * of this process. Power loss may cost the last writes; a development machine accepts that for ten times the speed.
 */
export function openDatabase(path: string): DatabaseSync {
  if (path !== ':memory:') mkdirSync(dirname(path), { recursive: true });
  const database = new DatabaseSync(path);
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF; PRAGMA busy_timeout = 5000;');
  return database;
}

/** Runs `work` as one transaction; nested calls join the outer one. Rolls back and rethrows when `work` throws. */
export function transaction<Result>(database: DatabaseSync, work: () => Result): Result {
  if (database.isTransaction) return work();
  database.exec('BEGIN');
  try {
    const result = work();
    database.exec('COMMIT');
    return result;
  } catch (error) {
    database.exec('ROLLBACK');
    throw error;
  }
}
