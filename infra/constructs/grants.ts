import { ArnFormat, Aws, Stack, Validations } from 'aws-cdk-lib';
import type { RestApi } from 'aws-cdk-lib/aws-apigateway';
import type { TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { EnvName } from '../../shared/env.ts';
import { configOf } from '../stacks/stage-stack.ts';
import type { ApiFunction } from './api-function.ts';

// Each function here tells a Lambda what a thing is called and grants exactly the calls its store makes: the name
// without the right, or the right without the name, cannot be written down.

type Variable<Suffix extends string> = Extract<EnvName, `${string}_${Suffix}`>;

const READS = ['GetItem', 'BatchGetItem', 'Query', 'Scan'] as const;
/** `ConditionCheckItem` is a part of a transaction that writes nothing, but encrypts as a write does. */
const WRITES = ['PutItem', 'UpdateItem', 'DeleteItem', 'ConditionCheckItem'] as const;
type Call = (typeof READS)[number] | (typeof WRITES)[number];

/**
 * The named calls on a table, and `Query` on the named indexes.
 * Not `table.grant…`, which grants on every index of the table.
 */
export function useTable(
  fn: ApiFunction,
  variable: Variable<'TABLE_NAME'>,
  table: TableV2,
  calls: readonly Call[],
  queriedIndexes: readonly string[] = [],
): void {
  fn.addEnvironment(variable, table.tableName);
  allow(
    fn,
    calls.map((call) => `dynamodb:${call}`),
    [table.tableArn],
  );
  allow(
    fn,
    ['dynamodb:Query'],
    queriedIndexes.map((index) => `${table.tableArn}/index/${index}`),
  );
  const writes = calls.some((call) => (WRITES as readonly Call[]).includes(call));
  // DynamoDB encrypts with the table's key in the caller's name.
  table.encryptionKey?.grant(fn, 'kms:Decrypt', 'kms:DescribeKey', ...(writes ? ENCRYPTING : []));
}

/** What CDK grants with wildcards (`kms:ReEncrypt*`, `kms:GenerateDataKey*`), by name. */
const ENCRYPTING = [
  'kms:Encrypt',
  'kms:ReEncryptFrom',
  'kms:ReEncryptTo',
  'kms:GenerateDataKey',
  'kms:GenerateDataKeyWithoutPlaintext',
];

/** Sending to a queue. Consuming comes with {@link QueueWorker}. */
export function useQueue(fn: ApiFunction, variable: Variable<'QUEUE_URL'>, queue: IQueue): void {
  fn.addEnvironment(variable, queue.queueUrl);
  allow(fn, ['sqs:SendMessage'], [queue.queueArn]);
}

/** The named calls on the objects of a bucket of this stage. */
export function useBucket(
  fn: ApiFunction,
  variable: Variable<'BUCKET_NAME'>,
  bucketName: string,
  calls: readonly ('GetObject' | 'PutObject')[],
): void {
  fn.addEnvironment(variable, bucketName);
  const objects = `arn:${Aws.PARTITION}:s3:::${bucketName}/*`;
  allow(
    fn,
    calls.map((call) => `s3:${call}`),
    [objects],
  );
  Validations.of(fn.role ?? fn).acknowledge({
    id: `AwsSolutions-IAM5[Resource::${objects.replace(Aws.PARTITION, '<AWS::Partition>').replace(Aws.ACCOUNT_ID, '<AWS::AccountId>')}]`,
    reason: 'One object for each message: their keys are not known when the stack is. Nothing else is in the bucket.',
  });
}

/** Reading one secret. */
export function useSecret(fn: ApiFunction, variable: Variable<'SECRET_ARN'>, secret: ISecret): void {
  fn.addEnvironment(variable, secret.secretArn);
  allow(fn, ['secretsmanager:GetSecretValue'], [secret.secretArn]);
  secret.encryptionKey?.grant(fn, 'kms:Decrypt');
}

type SecretCall = 'GetSecretValue' | 'PutSecretValue' | 'CreateSecret' | 'RestoreSecret' | 'DeleteSecret';

/** The named calls on the secrets of the stage's connections, which are made while the system runs. @default reading */
export function useConnectionSecrets(fn: ApiFunction, calls: readonly SecretCall[] = ['GetSecretValue']): void {
  const pattern = Stack.of(fn).formatArn({
    service: 'secretsmanager',
    resource: 'secret',
    resourceName: `quixess/${configOf(fn).name}/connections/*`,
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });
  allow(
    fn,
    calls.map((call) => `secretsmanager:${call}`),
    [pattern],
  );
  Validations.of(fn.role ?? fn).acknowledge({
    // cdk-nag writes what is not known yet as `<Name>`.
    id: `AwsSolutions-IAM5[Resource::${pattern.replace(Aws.ACCOUNT_ID, '<AWS::AccountId>')}]`,
    reason:
      "One secret per connection, made when a tenant connects a number: their ARNs are not known when the stack is. The name pattern holds them to this stage's connections.",
  });
}

/** Making a gateway forget what it remembers of callers. */
export function useAuthorizerFlush(fn: ApiFunction, variable: 'EXTERNAL_API_ID', api: RestApi): void {
  fn.addEnvironment(variable, api.restApiId);
  const stage = `/restapis/${api.restApiId}/stages/${api.deploymentStage.stageName}`;
  allow(
    fn,
    ['apigateway:DELETE'],
    [`arn:${Aws.PARTITION}:apigateway:${Stack.of(fn).region}::${stage}/cache/authorizers`],
  );
}

function allow(fn: ApiFunction, actions: readonly string[], resources: readonly string[]): void {
  if (actions.length === 0 || resources.length === 0) return;
  fn.addToRolePolicy(new PolicyStatement({ actions: [...actions], resources: [...resources] }));
}
