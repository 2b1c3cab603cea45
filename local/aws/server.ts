import type { DatabaseSync } from 'node:sqlite';
import type { Clock } from '../clock.ts';
import type { Calls } from './calls.ts';
import type { Iam } from './iam.ts';
import type { Secrets } from './secrets/secrets.ts';
import type { Sqs } from './sqs/sqs.ts';
import type { StepFunctions } from './step-functions/step-functions.ts';

/** What a function answered: its value, or the error it threw in the form Lambda reports. */
export type FunctionResult =
  | { payload: unknown }
  | { error: { errorType: string; errorMessage: string; trace?: string[] } };
/** Rejects when the function cannot be invoked at all; an error named `Lambda.…` keeps its name in Step Functions. */
export type InvokeFunction = (functionName: string, payload: unknown) => Promise<FunctionResult>;

export type AwsServerOptions = {
  host: '127.0.0.1';
  /** 0 takes a free one. */
  port: number;
  clock: Clock;
  database: DatabaseSync;
  account: string;
  region: string;
  iam: Iam;
  dynamodbEndpoint: string;
  invokeFunction: InvokeFunction;
};
export type AwsServer = {
  url: string;
  sqs: Sqs;
  stepFunctions: StepFunctions;
  secrets: Secrets;
  calls: Calls;
  stop(): Promise<void>;
};
/** Starts the emulated SQS, Step Functions, Secrets Manager and the way to DynamoDB on one port. */
export function startAwsServer(_options: AwsServerOptions): Promise<AwsServer> {
  throw new Error('not yet');
}
