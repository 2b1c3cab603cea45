import type { DatabaseSync } from 'node:sqlite';
import { ExecutionRecord, type ExecutionStatus } from './execution-record.ts';

export type Machine = { arn: string; name: string; roleAccessKeyId: string; definitionId: number; createdAt: number };
export type ExecutionFilter = { stateMachineArn?: string; status?: ExecutionStatus };

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS sfn_definitions (id INTEGER PRIMARY KEY, definition TEXT UNIQUE);
  CREATE TABLE IF NOT EXISTS sfn_machines (
    arn TEXT PRIMARY KEY, name TEXT, role TEXT, definition_id INTEGER, created_at REAL);
  CREATE TABLE IF NOT EXISTS sfn_executions (
    arn TEXT PRIMARY KEY, machine_arn TEXT, status TEXT, started_at REAL, record TEXT);
  CREATE INDEX IF NOT EXISTS sfn_executions_by_machine ON sfn_executions (machine_arn, started_at);`;

/** Step Functions' tables: an execution's record is rewritten at each of its steps. */
export function createStepFunctionsStore(database: DatabaseSync) {
  database.exec(SCHEMA);
  const addDefinition = database.prepare('INSERT OR IGNORE INTO sfn_definitions (definition) VALUES (?)');
  const definitionId = database.prepare('SELECT id FROM sfn_definitions WHERE definition = ?');
  const definition = database.prepare('SELECT definition FROM sfn_definitions WHERE id = ?');
  const saveMachine = database.prepare('INSERT OR REPLACE INTO sfn_machines VALUES (?, ?, ?, ?, ?)');
  const insert = database.prepare('INSERT INTO sfn_executions VALUES (?, ?, ?, ?, ?)');
  const update = database.prepare('UPDATE sfn_executions SET status = ?, record = ? WHERE arn = ?');
  const find = database.prepare('SELECT record FROM sfn_executions WHERE arn = ?');
  const list = database.prepare(
    `SELECT record FROM sfn_executions WHERE (?1 IS NULL OR machine_arn = ?1) AND (?2 IS NULL OR status = ?2)
     ORDER BY started_at DESC, arn LIMIT ?3 OFFSET ?4`,
  );
  const parse = (record: unknown): ExecutionRecord => ExecutionRecord.parse(JSON.parse(String(record)));

  return {
    /** The same text has the same id. */
    definitionId(text: string): number {
      addDefinition.run(text);
      return Number(definitionId.get(text)?.id);
    },
    definition: (id: number): string => String(definition.get(id)?.definition),
    saveMachine: ({ arn, name, roleAccessKeyId, definitionId: id, createdAt }: Machine): void =>
      void saveMachine.run(arn, name, roleAccessKeyId, id, createdAt),
    machines: (): Machine[] =>
      database
        .prepare('SELECT * FROM sfn_machines')
        .all()
        .map((row) => ({
          arn: String(row.arn),
          name: String(row.name),
          roleAccessKeyId: String(row.role),
          definitionId: Number(row.definition_id),
          createdAt: Number(row.created_at),
        })),
    insert: (record: ExecutionRecord): void =>
      void insert.run(
        record.executionArn,
        record.stateMachineArn,
        record.status,
        record.startedAt,
        JSON.stringify(record),
      ),
    update: (record: ExecutionRecord): void =>
      void update.run(record.status, JSON.stringify(record), record.executionArn),
    find(executionArn: string): ExecutionRecord | undefined {
      const row = find.get(executionArn);
      return row && parse(row.record);
    },
    /** Newest first. */
    list: ({ stateMachineArn, status }: ExecutionFilter, limit = -1, offset = 0): ExecutionRecord[] =>
      list.all(stateMachineArn ?? null, status ?? null, limit, offset).map((row) => parse(row.record)),
  };
}
export type StepFunctionsStore = ReturnType<typeof createStepFunctionsStore>;
