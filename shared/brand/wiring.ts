import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { sqsClient, stepFunctionsClient } from '../aws.ts';
import type { Env, EnvName } from '../env.ts';
import { connectionStore } from '../store/connection-store.ts';
import { endpointStore } from '../store/endpoint-store.ts';
import { eventStore } from '../store/event-store.ts';
import { recoveryStore } from '../store/recovery-store.ts';
import { queueDeliveries } from '../webhooks/queue-deliveries.ts';
import { startRecoveryPart } from '../webhooks/start-once.ts';
import { createRecovery } from './create-recovery.ts';
import { replayEvent } from './replay-event.ts';

// What acts on deliveries has an edge in each plane; here is what both need of their environment.

export const REPLAY_VARIABLES = [
  'CONNECTIONS_TABLE_NAME',
  'ENDPOINTS_TABLE_NAME',
  'EVENTS_TABLE_NAME',
  'SLOW_DELIVERIES_QUEUE_URL',
] as const satisfies readonly EnvName[];

export function replayingWith(env: Env<(typeof REPLAY_VARIABLES)[number]>, client: DynamoDBDocumentClient) {
  return replayEvent({
    events: eventStore(client, env.EVENTS_TABLE_NAME),
    endpoints: endpointStore(client, env.ENDPOINTS_TABLE_NAME),
    connectionOf: connectionStore(client, env.CONNECTIONS_TABLE_NAME).get,
    enqueue: queueDeliveries(sqsClient(), env.SLOW_DELIVERIES_QUEUE_URL),
  });
}

export const RECOVERY_VARIABLES = [
  'CONNECTIONS_TABLE_NAME',
  'ENDPOINTS_TABLE_NAME',
  'EVENTS_TABLE_NAME',
  'RECOVERIES_TABLE_NAME',
  'EVENT_RECOVERY_ARN',
  'ENDPOINT_EVENTS_PER_SECOND',
  'SLOW_IN_FLIGHT_PER_ENDPOINT',
] as const satisfies readonly EnvName[];

export function recoveringWith(env: Env<(typeof RECOVERY_VARIABLES)[number]>, client: DynamoDBDocumentClient) {
  const stepFunctions = stepFunctionsClient();
  return createRecovery({
    recoveries: recoveryStore(client, env.RECOVERIES_TABLE_NAME),
    events: eventStore(client, env.EVENTS_TABLE_NAME),
    endpoints: endpointStore(client, env.ENDPOINTS_TABLE_NAME),
    connectionOfBrand: connectionStore(client, env.CONNECTIONS_TABLE_NAME).activeOfBrand,
    start: (step) => startRecoveryPart(stepFunctions, env.EVENT_RECOVERY_ARN)({ ...step, turns: 0, part: 0 }),
    limits: { perSecond: env.ENDPOINT_EVENTS_PER_SECOND, inFlight: env.SLOW_IN_FLIGHT_PER_ENDPOINT },
    now: Date.now,
  });
}
