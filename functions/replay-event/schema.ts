import { ReplayParams, ReplayView } from '../../shared/brand/replay-event.ts';
import type { EndpointContract } from '../../shared/http/contract.ts';

export const contract = {
  operationId: 'events.replay',
  tag: 'Webhooks',
  summary: 'Deliver an event once more',
  description:
    'A delivered or failed event begins a further run, with the same id and `X-Quixess-Replay: true`; of one that is still retried the next attempt is brought forward.',
  params: ReplayParams,
  responses: { 202: { description: 'It is on its way.', schema: ReplayView } },
  errors: ['event_not_found', 'connection_not_found', 'endpoint_disabled'],
} as const satisfies EndpointContract;
