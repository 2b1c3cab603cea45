import { describe, expect, test } from '@jest/globals';
import { rawResources, synthesized } from './synthesized.ts';

const prod = synthesized('prod');
const { deployment } = prod;
const queues = deployment.of('AWS::SQS::Queue').map(({ friendlyName, name, arn, properties }) => ({
  friendlyName,
  name,
  arn,
  properties,
  redrive: properties.RedrivePolicy === undefined ? null : JSON.parse(properties.RedrivePolicy),
}));
const named = (name: string) => queues.find(({ friendlyName }) => friendlyName === name)!;
const isDeadLetterQueue = (arn: string) => queues.some(({ redrive }) => redrive?.deadLetterTargetArn === arn);

test('every queue has a dead-letter queue, is one, and then keeps messages for 14 days', () => {
  for (const { arn, redrive, properties } of queues) {
    expect(redrive !== null).toBe(!isDeadLetterQueue(arn));
    expect(properties.MessageRetentionPeriod).toBe(String(14 * 24 * 3600));
  }
});

test.each([
  ['inbound-events', 'inbound-events-dlq', 5],
  ['deliveries', 'failed-deliveries', 5],
  ['slow-deliveries', 'failed-deliveries', 5],
  ['exhausted-deliveries', 'failed-deliveries', 1],
  ['inbound-media', 'inbound-media-dlq', 30],
])('what %s refuses goes to %s', (source, target, maxReceiveCount) => {
  expect(named(source).redrive).toEqual({ deadLetterTargetArn: named(target).arn, maxReceiveCount });
});

test('one message in a dead-letter queue fires an alarm, and so does one that waits', () => {
  const alarms = rawResources(prod, 'AWS::CloudWatch::Alarm').map(([, { Properties }]) => Properties!);
  for (const { name, arn } of queues) {
    const suffix = isDeadLetterQueue(arn) ? 'not-empty' : 'late';
    const alarm = alarms.find(({ AlarmName }) => AlarmName === `${name}-${suffix}`);
    expect(alarm?.AlarmDescription).toMatch(/^Impact: .{20,}Runbook: docs\/runbook\.md#[a-z-]+$/);
    if (suffix === 'not-empty')
      expect(alarm).toMatchObject({ Threshold: 0, ComparisonOperator: 'GreaterThanThreshold' });
  }
});

test('every queue is encrypted and refuses plain HTTP', () => {
  const policies = rawResources(prod, 'AWS::SQS::QueuePolicy');
  for (const [logicalId, { Properties }] of rawResources(prod, 'AWS::SQS::Queue')) {
    expect(Properties?.SqsManagedSseEnabled).toBe(true);
    const own = policies.filter(([, policy]) => JSON.stringify(policy.Properties?.Queues).includes(`"${logicalId}"`));
    expect(JSON.stringify(own)).toContain('"aws:SecureTransport":"false"');
  }
});

describe('workers', () => {
  const mappings = deployment.of('AWS::Lambda::EventSourceMapping').map(({ properties }) => properties);
  const workers = deployment.of('AWS::Lambda::Function');

  test.each([
    ['inbound-events', 'record-event', 10],
    ['deliveries', 'deliver-event', 10],
    ['slow-deliveries', 'retry-event', 4],
    ['exhausted-deliveries', 'park-or-recover', 10],
  ])('%s is consumed by %s in batches of which only failed messages come back', (queue, worker, BatchSize) => {
    const [mapping, ...others] = mappings.filter(({ EventSourceArn }) => EventSourceArn === named(queue).arn);
    expect(others).toEqual([]);
    expect(mapping).toMatchObject({ BatchSize, FunctionResponseTypes: ['ReportBatchItemFailures'] });
    expect(mapping!.FunctionName).toBe(`quixess-prod-${worker}`);
  });

  test('a message stays hidden at least as long as its worker may take', () => {
    for (const { EventSourceArn, FunctionName } of mappings) {
      const queue = queues.find(({ arn }) => arn === EventSourceArn)!;
      const worker = workers.find(({ name }) => name === FunctionName)!;
      expect(Number(queue.properties.VisibilityTimeout)).toBeGreaterThanOrEqual(worker.properties.Timeout);
    }
  });

  test('no lane can take the concurrency of the other, of ingest or of sends', () => {
    const reserved = Object.fromEntries(
      workers.map(({ friendlyName, properties }) => [friendlyName, properties.ReservedConcurrentExecutions]),
    );
    for (const name of ['receive-meta-webhook', 'record-event', 'deliver-event', 'retry-event'])
      expect(reserved[name]).toBeGreaterThanOrEqual(100);
    const all = Object.values(reserved).reduce<number>((sum, some) => sum + (some ?? 0), 0);
    // An account has 1,000, of which sends take what is left.
    expect(all).toBeLessThanOrEqual(700);
    // Ladders have the rest of the slow lane.
    const fromQueue = mappings.find(({ FunctionName }) => FunctionName.endsWith('retry-event'))?.ScalingConfig;
    expect((reserved['retry-event'] ?? 0) - (fromQueue?.MaximumConcurrency ?? 0)).toBeGreaterThanOrEqual(100);
  });

  test('calls under way to one endpoint end before their function does, even when all of them hang', () => {
    for (const { FunctionName, BatchSize } of mappings.filter(({ FunctionName: fn }) =>
      /-(deliver|retry)-event$/.test(fn),
    )) {
      const { Timeout, Environment } = workers.find(({ name }) => name === FunctionName)!.properties;
      const { IN_FLIGHT_PER_ENDPOINT, DELIVERY_TIMEOUT_MS } = Environment!.Variables;
      const waves = Math.ceil(BatchSize / Number(IN_FLIGHT_PER_ENDPOINT));
      expect((waves * Number(DELIVERY_TIMEOUT_MS)) / 1000).toBeLessThanOrEqual(Timeout - 15);
    }
  });
});
