import * as z from 'zod';
import { arn, type Identity, implemented } from '../resource-type.ts';

const ignored = z.unknown().optional();

export const LambdaFunction = implemented({
  nameProperty: 'FunctionName',
  ref: ({ name }) => name,
  attributes: { Arn: (identity) => arn(identity, 'lambda', `function:${identity.name}`) },
  properties: z.strictObject({
    FunctionName: z.string().optional(),
    Description: ignored,
    Code: z.strictObject({ S3Bucket: z.string(), S3Key: z.string() }),
    Handler: z.string().regex(/^[^.]+\.[^.]+$/),
    Runtime: z.literal('nodejs24.x'),
    Role: z.string(),
    Environment: z.strictObject({ Variables: z.record(z.string(), z.string()).default({}) }).optional(),
    /** Seconds. */
    Timeout: z.number().int().positive().default(3),
    /** MB. */
    MemorySize: z.number().int().positive().default(128),
    ReservedConcurrentExecutions: z.number().int().nonnegative().optional(),
    // The same code runs on either architecture; traces and log groups have no local counterpart.
    Architectures: ignored,
    TracingConfig: ignored,
    LoggingConfig: ignored,
    RecursiveLoop: ignored,
    Tags: ignored,
  }),
});

export const EventSourceMapping = implemented({
  ref: ({ logicalId }) => logicalId,
  attributes: { Id: ({ logicalId }) => logicalId },
  properties: z.strictObject({
    EventSourceArn: z.string().startsWith('arn:aws:sqs:'),
    FunctionName: z.string(),
    Enabled: z.boolean().default(true),
    BatchSize: z.number().int().min(1).max(10_000).default(10),
    /** Seconds a batch is filled for. */
    MaximumBatchingWindowInSeconds: z.number().int().min(0).max(300).default(0),
    FunctionResponseTypes: z.array(z.literal('ReportBatchItemFailures')).default([]),
    ScalingConfig: z.strictObject({ MaximumConcurrency: z.number().int().min(2).max(1000).optional() }).optional(),
    MetricsConfig: ignored,
    Tags: ignored,
  }),
});

export const StateMachine = implemented({
  nameProperty: 'StateMachineName',
  ref: (identity) => arn(identity, 'states', `stateMachine:${identity.name}`),
  attributes: {
    Arn: (identity: Identity) => arn(identity, 'states', `stateMachine:${identity.name}`),
    Name: ({ name }: Identity) => name,
  },
  properties: z.strictObject({
    StateMachineName: z.string().optional(),
    StateMachineType: z.literal('STANDARD').default('STANDARD'),
    DefinitionString: z.string(),
    DefinitionSubstitutions: z.record(z.string(), z.string()).default({}),
    RoleArn: z.string(),
    LoggingConfiguration: ignored,
    TracingConfiguration: ignored,
    EncryptionConfiguration: ignored,
    Tags: ignored,
  }),
});

const target = z.strictObject({
  Arn: z.string(),
  Id: z.string(),
  Input: z.string().optional(),
  RetryPolicy: ignored,
  DeadLetterConfig: ignored,
});

export const EventsRule = implemented({
  nameProperty: 'Name',
  ref: ({ name }) => name,
  attributes: { Arn: (identity) => arn(identity, 'events', `rule/${identity.name}`) },
  properties: z.strictObject({
    Name: z.string().optional(),
    Description: ignored,
    ScheduleExpression: z.string(),
    State: z.enum(['ENABLED', 'DISABLED']).default('ENABLED'),
    Targets: z.array(target).default([]),
    Tags: ignored,
  }),
});

export const SchedulerSchedule = implemented({
  nameProperty: 'Name',
  ref: ({ name }) => name,
  attributes: { Arn: (identity) => arn(identity, 'scheduler', `schedule/default/${identity.name}`) },
  properties: z.strictObject({
    Name: z.string().optional(),
    Description: ignored,
    ScheduleExpression: z.string(),
    ScheduleExpressionTimezone: z.enum(['UTC', 'Etc/UTC']).optional(),
    /** Only exact times: a window would spread the start over minutes. */
    FlexibleTimeWindow: z.strictObject({ Mode: z.literal('OFF') }),
    State: z.enum(['ENABLED', 'DISABLED']).default('ENABLED'),
    GroupName: ignored,
    Target: z.strictObject({
      Arn: z.string(),
      RoleArn: z.string(),
      Input: z.string().optional(),
      RetryPolicy: ignored,
      DeadLetterConfig: ignored,
    }),
  }),
});
