import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SFNClient } from '@aws-sdk/client-sfn';
import { SQSClient } from '@aws-sdk/client-sqs';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { type Endpoint, endpointStore } from '../../shared/store/endpoint-store.ts';
import { StoredEvent } from '../../shared/store/event-store.ts';
import { enableEndpoint } from '../../shared/webhooks/endpoint-control.ts';
import { watchStarter } from '../../shared/webhooks/start-once.ts';
import type { AttachedStack } from './local-stack.ts';
import { itemsOf } from './tenant.ts';

/** Clients of the stack's AWS, with every right. */
export function awsOf(stack: AttachedStack) {
  const config = {
    endpoint: stack.aws_endpoint_url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'local-admin', secretAccessKey: 'local' },
  };
  const dynamodb = new DynamoDBClient(config);
  const [sqs, stepFunctions] = [new SQSClient(config), new SFNClient(config)];
  return {
    sqs,
    stepFunctions,
    documents: DynamoDBDocumentClient.from(dynamodb, { marshallOptions: { removeUndefinedValues: true } }),
    close: () => [dynamodb, sqs, stepFunctions].forEach((client) => void client.destroy()),
  };
}

/** Time must not jump while a function delivers: the jump would count as its endpoint's, or end it by its own timeout. */
export async function isCalm(stack: AttachedStack): Promise<boolean> {
  const { functions } = await stack.control.health();
  return ['deliver-event', 'retry-event', 'park-or-recover'].every((name) => Number(functions[name]?.running) === 0);
}

/** Some people write, one message each. */
export async function messagesArrive(stack: AttachedStack, count: number, text = 'Hi'): Promise<void> {
  for (let sent = 0; sent < count; sent += 1)
    await stack.simulator.inbound({ from: `1555010${1000 + sent}`, name: 'Frank', type: 'text', text: { body: text } });
}

/** Events as they are stored, of one type. */
export async function storedEvents(stack: AttachedStack, type = 'message.received'): Promise<StoredEvent[]> {
  return (await itemsOf(stack, 'events')).map((item) => StoredEvent.parse(item)).filter((event) => event.type === type);
}

export const count = (events: readonly StoredEvent[], status: StoredEvent['status']): number =>
  events.filter((event) => event.status === status).length;

/** Health of the demo connection's endpoint; undefined while it never failed. */
export async function endpointOf(stack: AttachedStack): Promise<Partial<Endpoint> | undefined> {
  return (await itemsOf(stack, 'endpoints'))[0] as Partial<Endpoint> | undefined;
}

/** What the dashboard's "enable" does. */
export async function enable(stack: AttachedStack, releasesHeld: boolean): Promise<void> {
  const aws = awsOf(stack);
  const [connection] = await itemsOf(stack, 'connections');
  const now = async () => Date.parse((await stack.control.health()).clock.now);
  const at = await now();
  try {
    await enableEndpoint({
      endpoints: endpointStore(aws.documents, stack.tables.endpoints ?? ''),
      startWatch: watchStarter(
        aws.stepFunctions,
        'arn:aws:states:eu-central-1:111111111111:stateMachine:quixess-local-endpoint-watch',
      ),
      now: () => at,
    })({ connectionId: String(connection?.connectionId), brandId: stack.brand_id }, releasesHeld);
  } finally {
    aws.close();
  }
}
