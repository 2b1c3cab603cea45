export type StateMachineSettings = {
  name: string;
  /** Access key id, registered with IAM, of the role the machine runs as. */
  roleAccessKeyId: string;
  /** Amazon States Language in JSONata, as JSON text or parsed. */
  definition: unknown;
  /** Only STANDARD. */
  type?: 'STANDARD';
};
export type ExecutionStatus = 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'TIMED_OUT' | 'ABORTED';
export type Execution = {
  executionArn: string;
  stateMachineArn: string;
  name: string;
  status: ExecutionStatus;
  /** The state it is in, or was in last. */
  state: string;
  /** Virtual ms. While in a Wait, or waiting to retry: when it goes on. */
  wakesAt?: number;
  input: unknown;
  output?: unknown;
  error?: string;
  cause?: string;
  startedAt: number;
  stoppedAt?: number;
  transitions: number;
};
export type StepFunctions = {
  /**
   * Creates, or when it exists replaces its definition; executions already running keep theirs, as on AWS.
   * Throws InvalidDefinition naming every state type or field that is not emulated.
   */
  createStateMachine(settings: StateMachineSettings): { arn: string };
  /** Throws ExecutionAlreadyExists as StartExecution does. */
  startExecution(start: { stateMachineArn: string; name?: string; input?: unknown }): { executionArn: string };
  /** Goes on with what ran when the process ended. Call once, when functions can be invoked. */
  resume(): void;
  execution(executionArn: string): Execution | undefined;
  executions(filter?: { stateMachineArn?: string; status?: ExecutionStatus }): Execution[];
  /** `running`: now. `started` and `transitions`: since the server started. */
  stats(): { running: number; started: number; transitions: number };
};
