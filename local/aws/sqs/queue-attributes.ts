import * as z from 'zod';
import { parseJson } from '../wire.ts';
import { invalidParameter, sqsError } from './errors.ts';

/** Attributes that are numbers: default, smallest, largest (SetQueueAttributes in the SQS API reference). */
const NUMBERS: Record<string, [standard: number, min: number, max: number]> = {
  DelaySeconds: [0, 0, 900],
  // 1 MiB since August 2025, 256 KiB before.
  MaximumMessageSize: [1_048_576, 1024, 1_048_576],
  MessageRetentionPeriod: [345_600, 60, 1_209_600],
  ReceiveMessageWaitTimeSeconds: [0, 0, 20],
  VisibilityTimeout: [30, 0, 43_200],
};
/** Kept and shown, without effect on one machine. */
const HARMLESS = ['Policy', 'KmsMasterKeyId', 'KmsDataKeyReusePeriodSeconds', 'SqsManagedSseEnabled'];

const RedrivePolicy = z.strictObject({
  deadLetterTargetArn: z.string().min(1),
  // CloudFormation and the console write it as text, the CLI often as a number.
  maxReceiveCount: z.coerce.number().int().min(1).max(1000),
});
export type RedrivePolicy = z.output<typeof RedrivePolicy>;
const RedriveAllowPolicy = z.strictObject({
  redrivePermission: z.enum(['allowAll', 'denyAll', 'byQueue']),
  sourceQueueArns: z.array(z.string()).max(10).optional(),
});

export type QueueSettings = {
  delaySeconds: number;
  maximumMessageSize: number;
  retentionMs: number;
  receiveWaitSeconds: number;
  visibilityTimeoutSeconds: number;
  redrive?: RedrivePolicy;
  /** Whether a source queue may name this one as its dead-letter queue. */
  allowsSource(sourceArn: string): boolean;
};

/** Names that GetQueueAttributes may ask for besides those a queue was given. */
export const COMPUTED_ATTRIBUTES = [
  'QueueArn',
  'ApproximateNumberOfMessages',
  'ApproximateNumberOfMessagesNotVisible',
  'ApproximateNumberOfMessagesDelayed',
  'CreatedTimestamp',
  'LastModifiedTimestamp',
];
export const isAttributeName = (name: string): boolean =>
  name in NUMBERS ||
  HARMLESS.includes(name) ||
  COMPUTED_ATTRIBUTES.includes(name) ||
  /^Redrive(Allow)?Policy$/.test(name);

/** Attributes with the defaults filled in. An empty value removes an attribute, as in SetQueueAttributes. */
export function completeAttributes(attributes: Record<string, string>): Record<string, string> {
  const defaults = Object.entries(NUMBERS).map(([name, [standard]]) => [name, String(standard)]);
  return Object.fromEntries([...defaults, ...Object.entries(attributes).filter(([, value]) => value !== '')]);
}

/** @throws InvalidAttributeName, InvalidAttributeValue; attributes of FIFO queues are refused, they are not emulated */
export function readSettings(attributes: Record<string, string>): QueueSettings {
  for (const name of Object.keys(attributes))
    if (!isAttributeName(name) || COMPUTED_ATTRIBUTES.includes(name))
      throw sqsError('InvalidAttributeName', `Unknown Attribute ${name}.`);
  const number = (name: string): number => {
    const [standard, min, max] = NUMBERS[name] as [number, number, number];
    const value = Number(attributes[name] ?? standard);
    if (!Number.isInteger(value) || value < min || value > max)
      throw sqsError('InvalidAttributeValue', `Invalid value for the parameter ${name}.`);
    return value;
  };
  const policy = <Schema extends z.ZodType>(name: string, schema: Schema): z.output<Schema> | undefined => {
    const text = attributes[name];
    if (text === undefined) return undefined;
    const parsed = schema.safeParse(parseJson(text));
    if (!parsed.success) throw invalidParameter(text, name, 'Redrive policy is malformed.');
    return parsed.data;
  };
  const allow = policy('RedriveAllowPolicy', RedriveAllowPolicy);
  return {
    delaySeconds: number('DelaySeconds'),
    maximumMessageSize: number('MaximumMessageSize'),
    retentionMs: number('MessageRetentionPeriod') * 1000,
    receiveWaitSeconds: number('ReceiveMessageWaitTimeSeconds'),
    visibilityTimeoutSeconds: number('VisibilityTimeout'),
    redrive: policy('RedrivePolicy', RedrivePolicy),
    allowsSource: (sourceArn) =>
      !allow ||
      allow.redrivePermission === 'allowAll' ||
      (allow.redrivePermission === 'byQueue' && (allow.sourceQueueArns ?? []).includes(sourceArn)),
  };
}
