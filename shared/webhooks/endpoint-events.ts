import { toIso } from '../clock.ts';
import type { TenantEvent } from '../events/envelope.ts';
import { deterministicId } from '../ids.ts';
import type { EndpointRef } from '../store/endpoint-store.ts';

type Occurrence = EndpointRef & {
  /** When it happened; with `key` it makes the id, so that telling twice is telling once. */
  at: number;
  key: string;
};

const ofEndpoint = (
  type: 'endpoint.disabled' | 'endpoint.recovered' | 'webhook.test',
  { brandId, connectionId, at, key }: Occurrence,
  data: Record<string, unknown>,
): TenantEvent => ({
  id: deterministicId('evt', at, [type, connectionId, key]),
  type,
  version: '1',
  occurred_at: toIso(at),
  brand_id: brandId,
  data: { connection_id: connectionId, ...data },
});

/** Nobody is called any more until the endpoint is enabled again. It is held with the others, and told after that. */
export const endpointDisabled = (occurrence: Occurrence, reason: string): TenantEvent =>
  ofEndpoint('endpoint.disabled', occurrence, { reason });

/** The endpoint takes events again; those held meanwhile follow. @param since when it was found broken */
export const endpointRecovered = (occurrence: Occurrence, since: number): TenantEvent =>
  ofEndpoint('endpoint.recovered', occurrence, { unavailable_since: toIso(since) });

/** Asked for by the tenant, to see a delivery without a message. */
export const webhookTest = (occurrence: Occurrence): TenantEvent =>
  ofEndpoint('webhook.test', occurrence, { message: 'Your endpoint works when you can read this.' });
