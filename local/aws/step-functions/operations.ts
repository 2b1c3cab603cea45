import * as z from 'zod';
import { AwsError, type Operation, operation } from '../wire.ts';
import { EXECUTION_STATUSES, type ExecutionRecord } from './execution-record.ts';
import type { Machines } from './machines.ts';
import type { Runner } from './runner.ts';
import type { StepFunctionsStore } from './store.ts';

const StartExecution = z.strictObject({
  stateMachineArn: z.string(),
  name: z.string().optional(),
  input: z.string().optional(),
  // X-Ray's, without effect here.
  traceHeader: z.string().optional(),
});
const ExecutionArn = z.strictObject({ executionArn: z.string() });
const StopExecution = ExecutionArn.extend({ error: z.string().optional(), cause: z.string().optional() });
const ListExecutions = z.strictObject({
  stateMachineArn: z.string(),
  statusFilter: z.enum(EXECUTION_STATUSES).optional(),
  maxResults: z.number().int().min(0).max(1000).optional(),
  nextToken: z.string().optional(),
});
const StateMachineArn = z.strictObject({ stateMachineArn: z.string() });
/** maxResults of 0 means this. */
const DEFAULT_PAGE = 100;
/** The wire counts seconds. */
const seconds = (ms: number): number => ms / 1000;

type Deps = { machines: Machines; runner: Runner; store: StepFunctionsStore };

export function stepFunctionsOperations({ machines, runner, store }: Deps): Record<string, Operation> {
  const find = (executionArn: string): ExecutionRecord => {
    const record = runner.find(executionArn) ?? store.find(executionArn);
    if (!record) throw new AwsError('ExecutionDoesNotExist', `Execution Does Not Exist: '${executionArn}'`);
    return record;
  };
  const summary = (record: ExecutionRecord) => ({
    executionArn: record.executionArn,
    stateMachineArn: record.stateMachineArn,
    name: record.name,
    status: record.status,
    startDate: seconds(record.startedAt),
    ...(record.stoppedAt !== undefined && { stopDate: seconds(record.stoppedAt) }),
  });

  return {
    StartExecution: operation(StartExecution, ({ stateMachineArn, name, input }, call) => {
      call.authorize('states:StartExecution', stateMachineArn);
      const { executionArn, startedAt } = machines.start(runner, stateMachineArn, name, input);
      return { executionArn, startDate: seconds(startedAt) };
    }),
    DescribeExecution: operation(ExecutionArn, ({ executionArn }, call) => {
      call.authorize('states:DescribeExecution', executionArn);
      const record = find(executionArn);
      return {
        ...summary(record),
        input: record.input,
        inputDetails: { included: true },
        ...(record.status === 'SUCCEEDED' && {
          output: JSON.stringify(record.output),
          outputDetails: { included: true },
        }),
        error: record.error,
        cause: record.cause,
        redriveCount: 0,
      };
    }),
    StopExecution: operation(StopExecution, ({ executionArn, error, cause }, call) => {
      call.authorize('states:StopExecution', executionArn);
      const record = find(executionArn);
      if (record.status === 'RUNNING') runner.abort(record, error, cause);
      return { stopDate: seconds(record.stoppedAt ?? 0) };
    }),
    ListExecutions: operation(ListExecutions, ({ stateMachineArn, statusFilter, maxResults, nextToken }, call) => {
      call.authorize('states:ListExecutions', stateMachineArn);
      machines.get(stateMachineArn);
      const offset = Number(nextToken ?? 0);
      if (!Number.isInteger(offset)) throw new AwsError('InvalidToken', 'Invalid Token');
      const size = maxResults || DEFAULT_PAGE;
      const page = store.list({ stateMachineArn, status: statusFilter }, size + 1, offset);
      return {
        executions: page.slice(0, size).map(summary),
        ...(page.length > size && { nextToken: String(offset + size) }),
      };
    }),
    DescribeStateMachine: operation(StateMachineArn, ({ stateMachineArn }, call) => {
      call.authorize('states:DescribeStateMachine', stateMachineArn);
      const machine = machines.get(stateMachineArn);
      return {
        stateMachineArn,
        name: machine.name,
        status: 'ACTIVE',
        type: 'STANDARD',
        definition: machines.definitionText(machine),
        roleArn: `arn:aws:iam::${stateMachineArn.split(':')[4]}:role/${machine.roleAccessKeyId}`,
        creationDate: seconds(machine.createdAt),
      };
    }),
  };
}
