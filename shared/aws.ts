import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SFNClient } from '@aws-sdk/client-sfn';
import { SQSClient } from '@aws-sdk/client-sqs';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';

// Functions, not constants: a handler calls the ones it needs, once, at module level, and its bundle holds no other.

export const documentClient = (): DynamoDBDocumentClient =>
  DynamoDBDocumentClient.from(new DynamoDBClient({}), { marshallOptions: { removeUndefinedValues: true } });

/** What calls are made by; the whole client is nobody's business. */
export type Sqs = Pick<SQSClient, 'send'>;
export type StepFunctions = Pick<SFNClient, 'send'>;

export const secretsClient = (): SecretsManagerClient => new SecretsManagerClient({});

export const sqsClient = (): Sqs => new SQSClient({});

export const stepFunctionsClient = (): StepFunctions => new SFNClient({});

/** A client that is made when first used: for calls that most containers' first work, and many containers, never make. */
export function lazily<C extends { send: (...args: never) => unknown }>(make: () => C): C {
  let client: C | undefined;
  const made = () => {
    client ??= make();
    return client;
  };
  return { send: (...args: never) => made().send(...args) } as C;
}
