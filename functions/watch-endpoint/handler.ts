import { documentClient, sqsClient, stepFunctionsClient } from '../../shared/aws.ts';
import { readEnv } from '../../shared/env.ts';
import { logger } from '../../shared/logger.ts';
import { connectionStore } from '../../shared/store/connection-store.ts';
import { endpointStore } from '../../shared/store/endpoint-store.ts';
import { eventStore } from '../../shared/store/event-store.ts';
import { type WatchStep, WatchTurn } from '../../shared/webhooks/delivery.ts';
import { goingOn, type Turn } from '../../shared/webhooks/go-on.ts';
import { pacedSender } from '../../shared/webhooks/paced-sender.ts';
import { startWatchPart, watchStarter } from '../../shared/webhooks/start-once.ts';
import { watchEndpoint } from './watch-endpoint.ts';

const env = readEnv(
  'CONNECTIONS_TABLE_NAME',
  'ENDPOINTS_TABLE_NAME',
  'EVENTS_TABLE_NAME',
  'ENDPOINT_WATCH_ARN',
  'SLOW_DELIVERIES_QUEUE_URL',
  'ENDPOINT_EVENTS_PER_SECOND',
  'SLOW_IN_FLIGHT_PER_ENDPOINT',
  'LADDERS_PER_ENDPOINT',
);
const client = documentClient();

const stepFunctions = stepFunctionsClient();

const watch = watchEndpoint({
  endpoints: endpointStore(client, env.ENDPOINTS_TABLE_NAME),
  events: eventStore(client, env.EVENTS_TABLE_NAME),
  // Not cached: somebody may have just given the connection its endpoint.
  connectionOf: connectionStore(client, env.CONNECTIONS_TABLE_NAME).get,
  startWatch: watchStarter(stepFunctions, env.ENDPOINT_WATCH_ARN),
  toSlowLane: pacedSender(sqsClient(), env.SLOW_DELIVERIES_QUEUE_URL),
  limits: {
    perSecond: env.ENDPOINT_EVENTS_PER_SECOND,
    inFlight: env.SLOW_IN_FLIGHT_PER_ENDPOINT,
    ladders: env.LADDERS_PER_ENDPOINT,
  },
  now: Date.now,
});

const turn = goingOn(watch, startWatchPart(stepFunctions, env.ENDPOINT_WATCH_ARN));

export const handler = async (step: unknown): Promise<Turn<WatchStep>> => {
  logger.resetKeys();
  return turn(WatchTurn.parse(step));
};
