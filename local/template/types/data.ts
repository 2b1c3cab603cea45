import { createHash } from 'node:crypto';
import * as z from 'zod';
import { arn, type Identity, implemented } from '../resource-type.ts';

/** Accepted and not acted on: it changes nothing that can be seen on one machine. */
const ignored = z.unknown().optional();

const KeySchema = z.array(z.strictObject({ AttributeName: z.string(), KeyType: z.enum(['HASH', 'RANGE']) }));
const Projection = z.strictObject({
  ProjectionType: z.enum(['ALL', 'KEYS_ONLY', 'INCLUDE']),
  NonKeyAttributes: z.array(z.string()).optional(),
});
const GlobalSecondaryIndex = z.strictObject({
  IndexName: z.string(),
  KeySchema,
  Projection,
  /** Limits and statistics of an on-demand table; dynoxide has none. */
  OnDemandThroughput: ignored,
  ContributorInsightsSpecification: ignored,
  WarmThroughput: ignored,
});
const table = {
  TableName: z.string().optional(),
  KeySchema,
  AttributeDefinitions: z.array(z.strictObject({ AttributeName: z.string(), AttributeType: z.enum(['S', 'N', 'B']) })),
  BillingMode: z.literal('PAY_PER_REQUEST'),
  GlobalSecondaryIndexes: z.array(GlobalSecondaryIndex).optional(),
  TimeToLiveSpecification: z.strictObject({ AttributeName: z.string(), Enabled: z.boolean() }).optional(),
  SSESpecification: ignored,
  Tags: ignored,
};
const tableType = {
  nameProperty: 'TableName',
  ref: ({ name }: Identity) => name,
  attributes: { Arn: (identity: Identity) => arn(identity, 'dynamodb', `table/${identity.name}`) },
};

export const Table = implemented({
  ...tableType,
  properties: z.strictObject({
    ...table,
    // Protection of data that lives longer than a machine's state folder.
    DeletionProtectionEnabled: ignored,
    PointInTimeRecoverySpecification: ignored,
    ContributorInsightsSpecification: ignored,
    OnDemandThroughput: ignored,
    TableClass: ignored,
  }),
});

export const GlobalTable = implemented({
  ...tableType,
  properties: z.strictObject({
    ...table,
    WriteOnDemandThroughputSettings: ignored,
    /** One replica, in the stack's own region; its settings are protection and statistics. */
    Replicas: z
      .array(
        z.strictObject({
          Region: z.string(),
          DeletionProtectionEnabled: ignored,
          PointInTimeRecoverySpecification: ignored,
          ContributorInsightsSpecification: ignored,
          SSESpecification: ignored,
          TableClass: ignored,
          Tags: ignored,
          GlobalSecondaryIndexes: ignored,
          ReadOnDemandThroughputSettings: ignored,
        }),
      )
      .max(1, 'the local stack has one region'),
  }),
});

export const Bucket = implemented({
  nameProperty: 'BucketName',
  ref: ({ name }) => name,
  attributes: {
    Arn: ({ name }) => `arn:aws:s3:::${name}`,
    RegionalDomainName: ({ name, region }) => `${name}.s3.${region}.amazonaws.com`,
  },
  properties: z.strictObject({
    BucketName: z.string().optional(),
    // Nobody but the stack reaches it, and nothing of it is encrypted at rest.
    BucketEncryption: ignored,
    PublicAccessBlockConfiguration: ignored,
    OwnershipControls: ignored,
    LifecycleConfiguration: z
      .strictObject({
        Rules: z.array(
          z.strictObject({
            Status: z.literal('Enabled'),
            ExpirationInDays: z.number().int().positive().optional(),
            // Files are put in one piece.
            AbortIncompleteMultipartUpload: ignored,
          }),
        ),
      })
      .optional(),
    Tags: ignored,
  }),
});

/** Durations and sizes: SQS takes its attributes as texts, templates hold numbers. */
const attribute = z.union([z.number(), z.string(), z.boolean()]).transform(String).optional();

export const Queue = implemented({
  nameProperty: 'QueueName',
  ref: ({ awsUrl, account, name }) => `${awsUrl}/${account}/${name}`,
  attributes: {
    Arn: (identity) => arn(identity, 'sqs', identity.name),
    QueueName: ({ name }) => name,
    QueueUrl: ({ awsUrl, account, name }) => `${awsUrl}/${account}/${name}`,
  },
  properties: z.strictObject({
    QueueName: z.string().optional(),
    VisibilityTimeout: attribute,
    MessageRetentionPeriod: attribute,
    DelaySeconds: attribute,
    ReceiveMessageWaitTimeSeconds: attribute,
    MaximumMessageSize: attribute,
    RedrivePolicy: z
      .strictObject({ deadLetterTargetArn: z.string(), maxReceiveCount: z.coerce.number().int() })
      .transform((policy) => JSON.stringify(policy))
      .optional(),
    RedriveAllowPolicy: z
      .record(z.string(), z.unknown())
      .transform((policy) => JSON.stringify(policy))
      .optional(),
    // Encryption at rest, by SQS or with a key of ours.
    SqsManagedSseEnabled: ignored,
    KmsMasterKeyId: ignored,
    KmsDataKeyReusePeriodSeconds: ignored,
    Tags: ignored,
  }),
});

/** Secrets Manager ends every ARN with six random characters; here they follow from the name, so that ARNs survive a reset. */
const secretArn = (identity: Identity): string => {
  const suffix = createHash('sha256').update(identity.name).digest('base64').replace(/\W/g, '').slice(0, 6);
  return arn(identity, 'secretsmanager', `secret:${identity.name}-${suffix}`);
};

export const Secret = implemented({
  nameProperty: 'Name',
  ref: secretArn,
  attributes: { Id: secretArn },
  properties: z.strictObject({
    Name: z.string().optional(),
    Description: ignored,
    SecretString: z.string().optional(),
    GenerateSecretString: z
      .strictObject({
        SecretStringTemplate: z.string().optional(),
        GenerateStringKey: z.string().optional(),
        PasswordLength: z.number().int().positive().default(32),
        ExcludeCharacters: z.string().default(''),
        ExcludeLowercase: z.boolean().default(false),
        ExcludeUppercase: z.boolean().default(false),
        ExcludeNumbers: z.boolean().default(false),
        ExcludePunctuation: z.boolean().default(false),
        IncludeSpace: z.boolean().default(false),
        RequireEachIncludedType: z.boolean().default(true),
      })
      .optional(),
    KmsKeyId: ignored,
    Tags: ignored,
  }),
});
