import { randomUUID } from 'node:crypto';
import type { Clock } from '../../clock.ts';
import type { Account } from '../account.ts';
import { AwsError, parseJson } from '../wire.ts';
import { type Definition, parseDefinition } from './definition.ts';
import type { ExecutionRecord } from './execution-record.ts';
import type { Runner } from './runner.ts';
import { MAX_DATA_BYTES } from './states.ts';
import type { Machine, StepFunctionsStore } from './store.ts';

export type StateMachineSettings = {
  name: string;
  /** Access key id, registered with IAM, of the role the machine runs as. */
  roleAccessKeyId: string;
  /** Amazon States Language in JSONata, as JSON text or parsed. */
  definition: unknown;
  /** EXPRESS is not emulated. */
  type?: 'STANDARD';
};
/** Names of executions: no white space, wildcards, brackets or special characters (API reference, StartExecution). */
const NAME = /^[^\s<>{}[\]?*"#%\\^|~`$&,;:/\p{Cc}]{1,80}$/u;
/** "You can reuse names after 90 days." */
const NAME_KEPT_MS = 90 * 86_400_000;

/** State machines and the start of their executions. */
export function createMachines(store: StepFunctionsStore, clock: Clock, { account, region }: Account) {
  const machines = new Map(store.machines().map((machine) => [machine.arn, machine]));
  const definitions = new Map<number, Definition>();
  const definitionOf = (id: number): Definition => {
    let definition = definitions.get(id);
    if (!definition) {
      definition = parseDefinition(store.definition(id));
      definitions.set(id, definition);
    }
    return definition;
  };
  const get = (arn: string): Machine => {
    const machine = machines.get(arn);
    if (!machine) throw new AwsError('StateMachineDoesNotExist', `State Machine Does Not Exist: '${arn}'`);
    return machine;
  };

  return {
    get,
    /** @throws InvalidDefinition */
    save({ name, roleAccessKeyId, definition, type = 'STANDARD' }: StateMachineSettings): Machine {
      if (type !== 'STANDARD') throw new AwsError('InvalidDefinition', `not emulated by the local stack: type ${type}`);
      parseDefinition(definition);
      const arn = `arn:aws:states:${region}:${account}:stateMachine:${name}`;
      const text = typeof definition === 'string' ? definition : JSON.stringify(definition);
      const createdAt = machines.get(arn)?.createdAt ?? clock.now();
      const machine = { arn, name, roleAccessKeyId, definitionId: store.definitionId(text), createdAt };
      store.saveMachine(machine);
      machines.set(arn, machine);
      return machine;
    },
    definitionText: (machine: Machine): string => store.definition(machine.definitionId),
    machineOf(execution: ExecutionRecord) {
      const { name, roleAccessKeyId } = get(execution.stateMachineArn);
      return { definition: definitionOf(execution.definitionId), name, roleAccessKeyId };
    },
    /**
     * API reference, StartExecution: the same name and input as a running execution gives that one; a name that is
     * taken otherwise is ExecutionAlreadyExists.
     */
    start(runner: Runner, stateMachineArn: string, name: string = randomUUID(), input = '{}'): ExecutionRecord {
      const machine = get(stateMachineArn);
      if (!NAME.test(name)) throw new AwsError('InvalidName', `Invalid Name: '${name}'`);
      const parsedInput = parseJson(input);
      if (parsedInput === undefined || Buffer.byteLength(input) > MAX_DATA_BYTES)
        throw new AwsError('InvalidExecutionInput', 'Invalid State Machine Execution Input: not JSON, or too large');
      const executionArn = `${stateMachineArn.replace(':stateMachine:', ':execution:')}:${name}`;
      const existing = runner.find(executionArn) ?? store.find(executionArn);
      if (existing?.status === 'RUNNING' && existing.input === input) return existing;
      if (existing && clock.now() - (existing.stoppedAt ?? clock.now()) < NAME_KEPT_MS)
        throw new AwsError('ExecutionAlreadyExists', `Execution Already Exists: '${executionArn}'`);
      const record: ExecutionRecord = {
        executionArn,
        stateMachineArn,
        name,
        status: 'RUNNING',
        definitionId: machine.definitionId,
        state: definitionOf(machine.definitionId).StartAt,
        stateInput: parsedInput,
        stateEnteredAt: clock.now(),
        retries: [],
        variables: {},
        input,
        startedAt: clock.now(),
        transitions: 0,
        events: 0,
      };
      runner.start(record);
      return record;
    },
  };
}
export type Machines = ReturnType<typeof createMachines>;
