import * as z from 'zod';
import { toIso } from '../clock.ts';
import { EVENT_TYPES } from '../events/event-types.ts';
import { type DeliveryAttempt, EVENT_STATUSES, type StoredEvent } from '../store/event-store.ts';

const time = z.iso.datetime();
const at = '2026-11-22T10:30:00.000Z';

const AttemptView = z
  .object({
    run: z.number().meta({ description: 'Counted from 1; each replay or redrive is a further run.', example: 1 }),
    number: z.number().meta({ description: 'Counted from 1 in each run; `X-Quixess-Attempt`.', example: 1 }),
    at: time.meta({ description: 'When it was made.', example: at }),
    duration_ms: z.number().meta({ description: 'How long your endpoint took, milliseconds.', example: 187 }),
    status_code: z
      .number()
      .nullable()
      .meta({ description: 'What your endpoint answered; null when it did not.', example: 200 }),
    error: z
      .string()
      .nullable()
      .meta({ description: 'What went wrong, e.g. timeout, connection_refused.', example: null }),
    response: z.string().meta({ description: 'The first 4 KiB of the answer.', example: 'ok' }),
    next_attempt_at: time
      .nullable()
      .meta({ description: 'When the next one is due; null when there is none.', example: null }),
  })
  .meta({ id: 'DeliveryAttempt', description: 'One POST to your endpoint.' });

const fields = {
  id: z.string().meta({
    description: '`X-Quixess-Event-Id`; the same in every attempt and replay.',
    example: 'evt_01KB2M5ZC0N7Q1V9T3X5Y7Z9A1',
  }),
  type: z.enum(EVENT_TYPES).meta({ description: 'Type of the event.', example: 'message.received' }),
  status: z.enum(EVENT_STATUSES).meta({
    description:
      'retrying: on the ladder of attempts. failed: exhausted, can be replayed. held: there is no endpoint to send to.',
    example: 'delivered',
  }),
  run: z.number().meta({ description: 'The run it is in, from 1.', example: 1 }),
  attempts_made: z.number().meta({ description: 'In all runs together.', example: 1 }),
  last_attempt_at: time.nullable().meta({ description: 'When the latest was made.', example: at }),
  next_attempt_at: time.nullable().meta({ description: 'When the next one is due.', example: null }),
  occurred_at: time.meta({ description: 'When it happened.', example: at }),
};

export const EventView = z.object(fields).meta({ id: 'Event', description: 'An event and how its delivery stands.' });

export const EventDetail = z
  .object({
    ...fields,
    attempts: z.array(AttemptView).meta({ description: 'Every attempt, oldest first.' }),
    event: z
      .object({
        id: z.string().meta({ description: 'Id of the event.', example: 'evt_01KB2M5ZC0N7Q1V9T3X5Y7Z9A1' }),
        type: z.enum(EVENT_TYPES).meta({ description: 'Type of the event.', example: 'message.received' }),
        version: z.string().meta({ description: 'Version of the envelope.', example: '1' }),
        occurred_at: time.meta({ description: 'When it happened.', example: at }),
        brand_id: z.string().meta({ description: 'The brand.', example: 'brd_01KB2M5ZC0N7Q1V9T3X5Y7Z9A1' }),
        data: z
          .record(z.string(), z.unknown())
          .meta({ description: 'By type: see Webhooks.', example: { type: 'text', content: { body: 'Hi there' } } }),
      })
      .meta({ description: 'What is sent, but for `delivered_at`.' }),
  })
  .meta({ id: 'EventDetail', description: 'An event with its body and every attempt.' });

export function eventView({ eventId, event, status, run, attempts }: StoredEvent): z.input<typeof EventView> {
  const last = attempts.at(-1);
  return {
    id: eventId,
    type: event.type,
    status,
    run,
    attempts_made: attempts.length,
    last_attempt_at: last ? toIso(last.at) : null,
    next_attempt_at: status === 'retrying' && last?.nextAttemptAt ? toIso(last.nextAttemptAt) : null,
    occurred_at: event.occurred_at,
  };
}

export const eventDetail = (stored: StoredEvent): z.input<typeof EventDetail> => ({
  ...eventView(stored),
  attempts: stored.attempts.map(attemptView),
  event: stored.event,
});

const attemptView = (attempt: DeliveryAttempt): z.input<typeof AttemptView> => ({
  run: attempt.run,
  number: attempt.number,
  at: toIso(attempt.at),
  duration_ms: attempt.durationMs,
  status_code: attempt.statusCode,
  error: attempt.errorClass,
  response: attempt.response,
  next_attempt_at: attempt.nextAttemptAt === null ? null : toIso(attempt.nextAttemptAt),
});
