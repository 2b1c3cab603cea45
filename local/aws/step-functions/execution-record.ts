import * as z from 'zod';

export const EXECUTION_STATUSES = ['RUNNING', 'SUCCEEDED', 'FAILED', 'TIMED_OUT', 'ABORTED'] as const;
export type ExecutionStatus = (typeof EXECUTION_STATUSES)[number];

/** An execution as it is stored after each step: all that is needed to go on in another process. Times: virtual ms. */
export const ExecutionRecord = z.object({
  executionArn: z.string(),
  stateMachineArn: z.string(),
  name: z.string(),
  status: z.enum(EXECUTION_STATUSES),
  /** The definition it started with. */
  definitionId: z.number(),
  /** The state it is in, or was in last. */
  state: z.string(),
  stateInput: z.unknown(),
  stateEnteredAt: z.number(),
  /** While in a Wait, or waiting to retry: when it goes on. */
  wakesAt: z.number().optional(),
  /** Retries made in this state, by place of the retrier. */
  retries: z.array(z.number()),
  variables: z.record(z.string(), z.unknown()),
  /** As text: StartExecution compares it. */
  input: z.string(),
  output: z.unknown().optional(),
  error: z.string().optional(),
  cause: z.string().optional(),
  startedAt: z.number(),
  stoppedAt: z.number().optional(),
  /** One for the start, one for each state entered, one for each retry, one for the end. */
  transitions: z.number(),
  /** Of its history, as GetExecutionHistory would list them: `history.ts`. */
  events: z.number().default(0),
});
export type ExecutionRecord = z.output<typeof ExecutionRecord>;
