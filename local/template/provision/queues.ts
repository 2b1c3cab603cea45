import type { Sqs } from '../../aws/sqs/sqs.ts';
import type { Deployment } from '../deployment.ts';

const ATTRIBUTES = [
  'VisibilityTimeout',
  'MessageRetentionPeriod',
  'DelaySeconds',
  'ReceiveMessageWaitTimeSeconds',
  'MaximumMessageSize',
  'RedrivePolicy',
  'RedriveAllowPolicy',
] as const;

/** Creates the queues, dead-letter queues first: a redrive policy names a queue that exists. Messages are kept. */
export function provisionQueues(deployment: Deployment, sqs: Sqs): void {
  const queues = deployment.of('AWS::SQS::Queue');
  const ordered = [...queues].sort(
    (a, b) => Number(Boolean(a.properties.RedrivePolicy)) - Number(Boolean(b.properties.RedrivePolicy)),
  );
  for (const { name, ref, properties } of ordered) {
    const attributes: Record<string, string> = {};
    for (const attribute of ATTRIBUTES) {
      const value = properties[attribute];
      if (value !== undefined) attributes[attribute] = value;
    }
    const { url } = sqs.createQueue({ name, attributes });
    if (url !== ref) throw new Error(`The queue ${name} is at ${url}, the template was resolved with ${ref}`);
  }
}
