import * as z from 'zod';
import type { Access } from '../access.ts';
import type { Account } from '../account.ts';
import type { Calls } from '../calls.ts';
import { AwsError, type Operation } from '../wire.ts';
import { StatesError } from './states-error.ts';

/** What a function answered: its value, or the error it threw in the form Lambda reports. */
export type FunctionResult =
  | { payload: unknown }
  | { error: { errorType: string; errorMessage: string; trace?: string[] } };
/** Rejects when the function cannot be invoked at all; an error named `Lambda.…` keeps its name in Step Functions. */
export type InvokeFunction = (functionName: string, payload: unknown) => Promise<FunctionResult>;

type Deps = {
  account: Account;
  access: Access;
  calls: Calls;
  invokeFunction: InvokeFunction;
  sqs: { operations: Record<string, Operation> };
};
const LambdaInvoke = z.strictObject({ FunctionName: z.string(), Payload: z.unknown().optional() });
const SendMessage = z.looseObject({ QueueUrl: z.string(), MessageBody: z.unknown() });

/** Does the work of Task states, in the name of the state machine's role. */
export function createTasks({ account: { account, region }, access, calls, invokeFunction, sqs }: Deps) {
  const invoke = async (functionId: string, payload: unknown, accessKeyId: string): Promise<unknown> => {
    const arn = functionId.startsWith('arn:')
      ? functionId
      : `arn:aws:lambda:${region}:${account}:function:${functionId}`;
    calls.record(access.principal(accessKeyId), 'lambda:InvokeFunction');
    try {
      access.authorize(accessKeyId, 'lambda:InvokeFunction', arn);
    } catch (error) {
      throw new StatesError('Lambda.AWSLambdaException', (error as Error).message);
    }
    let result: FunctionResult;
    try {
      result = await invokeFunction(arn.split(':')[6] ?? '', payload);
    } catch (error) {
      const { name, message } = error as Error;
      throw new StatesError(name.startsWith('Lambda.') ? name : 'Lambda.ServiceException', message);
    }
    if (!('error' in result)) return result.payload ?? null;
    // The cause is the function's error as JSON: "Invoke an AWS Lambda function with Step Functions".
    throw new StatesError(result.error.errorType, JSON.stringify(result.error));
  };
  const sendMessage = async (taskArguments: unknown, accessKeyId: string): Promise<unknown> => {
    const { MessageBody, ...rest } = argumentsAs(SendMessage, taskArguments);
    const body = typeof MessageBody === 'string' ? MessageBody : JSON.stringify(MessageBody);
    const principal = access.principal(accessKeyId);
    calls.record(principal, 'sqs:SendMessage');
    try {
      return await sqs.operations.SendMessage?.(
        { ...rest, MessageBody: body },
        {
          accessKeyId,
          principal,
          authorize: (action, resource) => access.authorize(accessKeyId, action, resource),
          signal: new AbortController().signal,
        },
      );
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      throw new StatesError(`SQS.${error.code.replace(/Exception$/, '')}Exception`, error.message);
    }
  };

  /** @throws StatesError named as the retriers and catchers of the state expect */
  return async (resource: string, taskArguments: unknown, accessKeyId: string): Promise<unknown> => {
    const integration = resource.split(':').slice(2).join(':');
    if (integration === 'states:::sqs:sendMessage') return sendMessage(taskArguments, accessKeyId);
    if (integration !== 'states:::lambda:invoke') return invoke(resource, taskArguments, accessKeyId);
    const { FunctionName, Payload } = argumentsAs(LambdaInvoke, taskArguments);
    const payload = await invoke(FunctionName, Payload ?? {}, accessKeyId);
    return { ExecutedVersion: '$LATEST', Payload: payload, StatusCode: 200 };
  };
}
export type RunTask = ReturnType<typeof createTasks>;

/** Arguments may come from expressions, so only now is it known which there are. */
function argumentsAs<Schema extends z.ZodType>(schema: Schema, taskArguments: unknown): z.output<Schema> {
  const parsed = schema.safeParse(taskArguments);
  if (!parsed.success)
    throw new StatesError('States.Runtime', `Arguments not emulated by the local stack: ${parsed.error.message}`);
  return parsed.data;
}
