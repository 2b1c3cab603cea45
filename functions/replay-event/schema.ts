import * as z from 'zod';
import { EVENT_TYPES } from '../../shared/events/event-types.ts';
import type { EndpointContract } from '../../shared/http/contract.ts';

const id = z.string().meta({ description: 'Id of the event.', example: 'evt_01KB2M5ZC0N7Q1V9T3X5Y7Z9A1' });

export const ReplayParams = z.object({ id });
export type ReplayParams = z.output<typeof ReplayParams>;

export const ReplayView = z
  .object({
    id,
    type: z.enum(EVENT_TYPES).meta({ description: 'Type of the event.', example: 'message.received' }),
    run: z.number().meta({ description: 'The run the attempt belongs to, from 1.', example: 2 }),
    attempt: z.number().meta({ description: 'Its number in that run, from 1.', example: 1 }),
  })
  .meta({ id: 'Replay', description: 'An attempt that is made now.' });

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
