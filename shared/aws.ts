import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SFNClient } from '@aws-sdk/client-sfn';
import { SQSClient } from '@aws-sdk/client-sqs';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';

// Functions, not constants: a handler calls the ones it needs, once, at module level, and its bundle holds no other.

export const documentClient = (): DynamoDBDocumentClient =>
  DynamoDBDocumentClient.from(new DynamoDBClient({}), { marshallOptions: { removeUndefinedValues: true } });

export const sqsClient = (): SQSClient => new SQSClient({});

export const secretsClient = (): SecretsManagerClient => new SecretsManagerClient({});

export const stepFunctionsClient = (): SFNClient => new SFNClient({});
