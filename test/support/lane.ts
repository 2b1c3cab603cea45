import type { TenantEvent } from '../../shared/events/envelope.ts';
import { deterministicId } from '../../shared/ids.ts';
import type { ConnectionSecret } from '../../shared/secrets.ts';
import type { Connection } from '../../shared/store/connection-store.ts';
import { makeAttempt } from '../../shared/webhooks/attempt.ts';
import type { DeliveryDeps } from '../../shared/webhooks/carry-on.ts';
import type { FreshDelivery } from '../../shared/webhooks/delivery.ts';
import type { EndpointClient } from '../../shared/webhooks/endpoint-client.ts';
import { endpointGate } from '../../shared/webhooks/endpoint-gate.ts';
import { inFlightLimit } from '../../shared/webhooks/in-flight.ts';
import { knownConnections } from '../../shared/webhooks/known-connections.ts';
import type { Stopwatch } from '../../shared/webhooks/pace.ts';
import type { memoryEndpoints, memoryEvents } from '../soak/memory-stores.ts';

export const connectionTo = (webhookUrl: string, name = '01'): Connection => ({
  connectionId: `con_${name}`,
  brandId: `brd_${name}`,
  organisationId: 'org',
  status: 'active',
  phoneNumberId: name,
  wabaId: name,
  secretArn: 'arn',
  webhookUrl,
  eventFilter: ['message.received'],
  defaultOtpTemplate: null,
  createdAt: 0,
});

/** An event on its way to its first attempt. */
export function freshEvent({ brandId, connectionId }: Connection, at: number, index: number): FreshDelivery {
  const event: TenantEvent = {
    id: deterministicId('evt', at, [brandId, String(index)]),
    type: 'message.received',
    version: '1',
    occurred_at: new Date(at).toISOString(),
    brand_id: brandId,
    data: { index },
  };
  return { kind: 'fresh', event, connection_id: connectionId };
}

type Container = {
  lane: 'fast' | 'slow';
  connections: readonly Connection[];
  /** Where they change. @default they stay as they are */
  readConnection?: (connectionId: string) => Promise<Connection | null>;
  events: ReturnType<typeof memoryEvents>['store'];
  endpoints: ReturnType<typeof memoryEndpoints>['store'];
  endpoint: EndpointClient;
  now: () => number;
  random?: () => number;
  stopwatch?: Stopwatch;
  secretOf?: (connection: Connection) => Promise<ConnectionSecret>;
  divert?: DeliveryDeps['divert'];
  startLadder?: DeliveryDeps['startLadder'];
  startWatch?: Parameters<typeof endpointGate>[0]['startWatch'];
  giveUp?: DeliveryDeps['giveUp'];
  /** @default as the stages have it */
  inFlight?: number;
};

const nothing = async () => {};

/** The real code of one container, over stores in memory. */
export function laneContainer({
  lane,
  connections,
  events,
  endpoints,
  endpoint,
  now,
  ...more
}: Container): DeliveryDeps {
  const byId = new Map(connections.map((connection) => [connection.connectionId, connection]));
  return {
    events,
    connections: knownConnections(more.readConnection ?? (async (id) => byId.get(id) ?? null), now),
    gate: endpointGate({
      endpoints,
      startWatch: more.startWatch ?? nothing,
      tell: nothing,
      keep: nothing,
      maxLadders: 500,
      now,
      stopwatch: more.stopwatch,
    }),
    inFlight: inFlightLimit(more.inFlight ?? (lane === 'fast' ? 5 : 2)),
    attempt: makeAttempt({
      endpoint,
      secretOf: more.secretOf ?? (async () => ({ access_token: 'token', signing_secrets: ['whsec_c2VjcmV0c2VjcmV0'] })),
      now,
      random: more.random ?? Math.random,
    }),
    divert: lane === 'fast' ? (more.divert ?? nothing) : null,
    startLadder: more.startLadder ?? nothing,
    giveUp: more.giveUp ?? nothing,
    now,
  };
}
