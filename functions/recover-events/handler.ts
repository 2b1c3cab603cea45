import { documentClient, lazily, sqsClient, stepFunctionsClient } from '../../shared/aws.ts';
import { readEnv } from '../../shared/env.ts';
import { logger } from '../../shared/logger.ts';
import { endpointStore } from '../../shared/store/endpoint-store.ts';
import { eventStore } from '../../shared/store/event-store.ts';
import { recoveryStore } from '../../shared/store/recovery-store.ts';
import { type RecoveryStep, RecoveryTurn } from '../../shared/webhooks/delivery.ts';
import { goingOn, type Turn } from '../../shared/webhooks/go-on.ts';
import { pacedSender } from '../../shared/webhooks/paced-sender.ts';
import { startRecoveryPart } from '../../shared/webhooks/start-once.ts';
import { recoverEvents } from './recover-events.ts';

const env = readEnv(
  'ENDPOINTS_TABLE_NAME',
  'EVENTS_TABLE_NAME',
  'EVENT_RECOVERY_ARN',
  'RECOVERIES_TABLE_NAME',
  'SLOW_DELIVERIES_QUEUE_URL',
  'ENDPOINT_EVENTS_PER_SECOND',
  'SLOW_IN_FLIGHT_PER_ENDPOINT',
);
const client = documentClient();

const recover = recoverEvents({
  recoveries: recoveryStore(client, env.RECOVERIES_TABLE_NAME),
  endpoints: endpointStore(client, env.ENDPOINTS_TABLE_NAME),
  events: eventStore(client, env.EVENTS_TABLE_NAME),
  toSlowLane: pacedSender(sqsClient(), env.SLOW_DELIVERIES_QUEUE_URL),
  limits: { perSecond: env.ENDPOINT_EVENTS_PER_SECOND, inFlight: env.SLOW_IN_FLIGHT_PER_ENDPOINT },
  now: Date.now,
});

// Lazily: few recoveries are that long.
const turn = goingOn(recover, startRecoveryPart(lazily(stepFunctionsClient), env.EVENT_RECOVERY_ARN));

export const handler = async (step: unknown): Promise<Turn<RecoveryStep>> => {
  logger.resetKeys();
  return turn(RecoveryTurn.parse(step));
};
