import type { DatabaseSync } from 'node:sqlite';
import type { Clock } from '../../clock.ts';
import type { Access } from '../access.ts';
import type { Account } from '../account.ts';
import type { Calls } from '../calls.ts';
import type { Operation } from '../wire.ts';
import type { ExecutionRecord } from './execution-record.ts';
import { createEvaluator } from './expressions.ts';
import { createMachines, type StateMachineSettings } from './machines.ts';
import { stepFunctionsOperations } from './operations.ts';
import { createRunner } from './runner.ts';
import { createStates } from './states.ts';
import { createStepFunctionsStore, type ExecutionFilter } from './store.ts';
import { createTasks, type InvokeFunction } from './tasks.ts';

export type { ExecutionStatus } from './execution-record.ts';
export type { StateMachineSettings } from './machines.ts';
/** An execution as people and tests see it; `input` is parsed. */
export type Execution = Omit<ExecutionRecord, 'input' | 'definitionId'> & { input: unknown };

type Deps = {
  database: DatabaseSync;
  clock: Clock;
  account: Account;
  access: Access;
  calls: Calls;
  invokeFunction: InvokeFunction;
  sqs: { operations: Record<string, Operation> };
  log(line: string): void;
};

/** Step Functions with Standard workflows in JSONata: operations of the wire, and the same inside the process. */
export function createStepFunctions({ database, clock, account, access, calls, invokeFunction, sqs, log }: Deps) {
  const store = createStepFunctionsStore(database);
  const machines = createMachines(store, clock, account);
  const states = createStates(createEvaluator(clock.now));
  const runTask = createTasks({ account, access, calls, invokeFunction, sqs });
  const runner = createRunner({ clock, store, states, runTask, machineOf: machines.machineOf, log });
  const view = ({ definitionId: _, ...record }: ExecutionRecord): Execution => ({
    ...record,
    input: JSON.parse(record.input),
  });

  const api = {
    /**
     * Creates, or when it exists replaces its definition; executions already running keep theirs, as on AWS.
     * @throws AwsError InvalidDefinition naming every state type or field that is not emulated
     */
    createStateMachine: (settings: StateMachineSettings): { arn: string } => ({ arn: machines.save(settings).arn }),
    /** @throws AwsError StateMachineDoesNotExist, ExecutionAlreadyExists, InvalidName */
    startExecution(start: { stateMachineArn: string; name?: string; input?: unknown }): { executionArn: string } {
      const input = start.input === undefined ? undefined : JSON.stringify(start.input);
      return { executionArn: machines.start(runner, start.stateMachineArn, start.name, input).executionArn };
    },
    /** Goes on with what ran when the process ended. Call once, when functions can be invoked. */
    resume(): void {
      for (const record of store.list({ status: 'RUNNING' })) runner.resume(record);
    },
    execution(executionArn: string): Execution | undefined {
      const record = runner.find(executionArn) ?? store.find(executionArn);
      return record && view(record);
    },
    /** Newest first. */
    executions: (filter: ExecutionFilter = {}): Execution[] => store.list(filter).map(view),
    /** `running`: now, and `waiting` of these for a time to come. `started` and `transitions`: since the server started. */
    stats: () => runner.stats(),
  };
  return { api, operations: stepFunctionsOperations({ machines, runner, store }), stop: () => runner.stop() };
}
export type StepFunctions = ReturnType<typeof createStepFunctions>['api'];
