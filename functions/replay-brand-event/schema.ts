import { ReplayParams, ReplayView } from '../../shared/brand/replay-event.ts';
import type { EndpointContract } from '../../shared/http/contract.ts';
import { BrandQuery } from '../../shared/http/fields.ts';

export const contract = {
  operationId: 'brandEvents.replay',
  tag: 'Deliveries and history',
  summary: 'Deliver an event of a brand once more',
  description:
    'A delivered or failed event begins a further run; of one that is still retried the next attempt is brought forward.',
  params: ReplayParams,
  query: BrandQuery,
  responses: { 202: { description: 'It is on its way.', schema: ReplayView } },
  errors: ['brand_not_found', 'event_not_found', 'connection_not_found', 'endpoint_disabled'],
} as const satisfies EndpointContract;
