import { documentClient, lazily, sqsClient, stepFunctionsClient } from '../aws.ts';
import { readEnv } from '../env.ts';
import type { TenantEvent } from '../events/envelope.ts';
import { queueText, sendAll, sendTexts } from '../queue.ts';
import { secretOf } from '../secrets.ts';
import { type Connection, connectionStore } from '../store/connection-store.ts';
import { endpointStore } from '../store/endpoint-store.ts';
import { eventStore } from '../store/event-store.ts';
import { makeAttempt } from './attempt.ts';
import type { DeliveryDeps } from './carry-on.ts';
import { brandOfDelivery, type Delivery, type ExhaustedDelivery, type LadderStep } from './delivery.ts';
import { endpointClient } from './endpoint-client.ts';
import { endpointGate } from './endpoint-gate.ts';
import { inFlightLimit } from './in-flight.ts';
import { knownConnections } from './known-connections.ts';
import { startOnce, watchStarter } from './start-once.ts';

/**
 * What both lanes need, from the environment: once for each container.
 * @param lane the fast one hands what is slow to the other
 */
export function deliveryDeps(lane: 'fast' | 'slow'): DeliveryDeps {
  const env = readEnv(
    'CONNECTIONS_TABLE_NAME',
    'ENDPOINTS_TABLE_NAME',
    'EVENTS_TABLE_NAME',
    'RETRY_LADDER_ARN',
    'ENDPOINT_WATCH_ARN',
    'EXHAUSTED_DELIVERIES_QUEUE_URL',
    'SLOW_DELIVERIES_QUEUE_URL',
    'ENDPOINT_POLICY',
    'DELIVERY_TIMEOUT_MS',
    'IN_FLIGHT_PER_ENDPOINT',
    'LADDERS_PER_ENDPOINT',
  );
  const client = documentClient();
  // Only what fails, or is slow, is sent on.
  const sqs = lazily(sqsClient);
  const stepFunctions = lazily(stepFunctionsClient);
  const toSlowLane = (delivery: Delivery, delaySeconds?: number) =>
    sendTexts(sqs, env.SLOW_DELIVERIES_QUEUE_URL, [
      { text: queueText(delivery), group: brandOfDelivery(delivery), delaySeconds },
    ]);
  const tell = async (event: TenantEvent, { connectionId, eventFilter }: Connection) => {
    if (eventFilter.includes(event.type)) await toSlowLane({ kind: 'fresh', event, connection_id: connectionId });
  };

  const events = eventStore(client, env.EVENTS_TABLE_NAME);
  const keep = async (event: TenantEvent, { connectionId, brandId, eventFilter }: Connection) => {
    if (!eventFilter.includes(event.type)) return;
    const state = { status: 'held' as const, run: 1, attempts: [], createdAt: Date.now() };
    await events.insert({ eventId: event.id, brandId, connectionId, type: event.type, event, ...state });
  };

  return {
    events,
    connections: knownConnections(connectionStore(client, env.CONNECTIONS_TABLE_NAME).get, Date.now),
    gate: endpointGate({
      endpoints: endpointStore(client, env.ENDPOINTS_TABLE_NAME),
      startWatch: watchStarter(stepFunctions, env.ENDPOINT_WATCH_ARN),
      tell,
      keep,
      maxLadders: env.LADDERS_PER_ENDPOINT,
      now: Date.now,
    }),
    inFlight: inFlightLimit(env.IN_FLIGHT_PER_ENDPOINT),
    attempt: makeAttempt({
      endpoint: endpointClient({ policy: env.ENDPOINT_POLICY, timeoutMs: env.DELIVERY_TIMEOUT_MS }),
      secretOf,
      now: Date.now,
      random: Math.random,
    }),
    divert: lane === 'fast' ? toSlowLane : null,
    startLadder: (step: LadderStep) =>
      startOnce(stepFunctions, env.RETRY_LADDER_ARN, `${step.event_id}-${step.run}`, step),
    giveUp: (exhausted: ExhaustedDelivery) =>
      sendAll(sqs, env.EXHAUSTED_DELIVERIES_QUEUE_URL, [{ body: exhausted, group: exhausted.brand_id }]),
    now: Date.now,
  };
}
