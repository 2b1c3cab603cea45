import { StartExecutionCommand } from '@aws-sdk/client-sfn';
import { SendMessageCommand } from '@aws-sdk/client-sqs';
import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { documentClient, sqsClient, stepFunctionsClient } from '../../shared/aws.ts';
import { readEnv } from '../../shared/env.ts';
import { parseJson } from '../../shared/json.ts';
import { logger } from '../../shared/logger.ts';
import { consume } from '../../shared/queue-consumer.ts';
import { ConnectionSecret, readSecret } from '../../shared/secrets.ts';
import { cached } from '../../shared/store/cached.ts';
import { connectionStore } from '../../shared/store/connection-store.ts';
import { eventStore } from '../../shared/store/event-store.ts';
import { Delivery, type ExhaustedDelivery, LadderStep } from '../../shared/webhooks/delivery.ts';
import { endpointClient } from '../../shared/webhooks/endpoint-client.ts';
import { makeAttempt } from './attempt.ts';
import { deliverFromLadder, deliverFromQueue } from './deliver-event.ts';

const env = readEnv(
  'CONNECTIONS_TABLE_NAME',
  'EVENTS_TABLE_NAME',
  'RETRY_LADDER_ARN',
  'EXHAUSTED_DELIVERIES_QUEUE_URL',
  'ENDPOINT_POLICY',
  'DELIVERY_TIMEOUT_MS',
);
const client = documentClient();
const sqs = sqsClient();
const stepFunctions = stepFunctionsClient();

async function startLadder(step: LadderStep): Promise<void> {
  try {
    await stepFunctions.send(
      new StartExecutionCommand({
        stateMachineArn: env.RETRY_LADDER_ARN,
        name: `${step.event_id}-${step.run}`,
        input: JSON.stringify(step),
      }),
    );
  } catch (error) {
    // The name is taken: this run has its ladder, which is what was wanted.
    if (!(error instanceof Error) || error.name !== 'ExecutionAlreadyExists') throw error;
  }
}

async function giveUp(exhausted: ExhaustedDelivery): Promise<void> {
  await sqs.send(
    new SendMessageCommand({ QueueUrl: env.EXHAUSTED_DELIVERIES_QUEUE_URL, MessageBody: JSON.stringify(exhausted) }),
  );
}

const deps = {
  events: eventStore(client, env.EVENTS_TABLE_NAME),
  connectionOf: cached(connectionStore(client, env.CONNECTIONS_TABLE_NAME).get, (found) => found !== null, Date.now),
  attempt: makeAttempt({
    endpoint: endpointClient({ policy: env.ENDPOINT_POLICY, timeoutMs: env.DELIVERY_TIMEOUT_MS }),
    secretOf: (connection) => readSecret(connection.secretArn, ConnectionSecret),
    now: Date.now,
    random: Math.random,
  }),
  startLadder,
  giveUp,
  now: Date.now,
};
const fromQueue = deliverFromQueue(deps);
const fromLadder = deliverFromLadder(deps);

async function deliverRecord({ body, attributes }: SQSRecord): Promise<'done'> {
  await fromQueue(Delivery.parse(parseJson(body)), Number(attributes.ApproximateReceiveCount));
  return 'done';
}

/** The queue brings batches, the ladder one rung at a time. */
export const handler = async (event: SQSEvent | LadderStep): Promise<SQSBatchResponse | LadderStep> => {
  logger.resetKeys();
  return 'Records' in event ? consume(event, deliverRecord) : fromLadder(LadderStep.parse(event));
};
