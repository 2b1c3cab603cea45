import type { Now } from '../clock.ts';
import { attemptBody, type TenantEvent } from '../events/envelope.ts';
import { logger } from '../logger.ts';
import { count } from '../metrics.ts';
import type { ConnectionSecret } from '../secrets.ts';
import type { Connection } from '../store/connection-store.ts';
import type { DeliveryAttempt, EventStatus } from '../store/event-store.ts';
import type { EndpointRefusal } from './endpoint-address.ts';
import type { EndpointAnswer, EndpointClient, ErrorClass } from './endpoint-client.ts';
import { nextDelaySeconds } from './retry-schedule.ts';
import { liveSecrets } from './secret-rotation.ts';
import { signedHeaders } from './signing.ts';

type Deps = {
  endpoint: EndpointClient;
  secretOf: (connection: Connection) => Promise<ConnectionSecret>;
  now: Now;
  random: () => number;
};

/** An attempt that was made, and the state it leaves the event in. */
export type Attempted = { attempt: DeliveryAttempt; status: Extract<EventStatus, 'delivered' | 'retrying' | 'failed'> };
/** The address is not one we call: no attempt was made. */
export type Refused = { refusal: EndpointRefusal };

/** The tenant has taken the endpoint away: contract §7. */
const GONE = 410;
export const isGone = (attempt: DeliveryAttempt): boolean => attempt.statusCode === GONE;
/** Whether what happened ends the calls to this endpoint at once. */
export const endsCalls = (made: Attempted | Refused): boolean => 'refusal' in made || isGone(made.attempt);

const refusalOf = (errorClass: ErrorClass | null): EndpointRefusal | null =>
  errorClass === 'address_not_allowed' || errorClass === 'url_not_allowed' ? errorClass : null;

/**
 * Signs and POSTs one event once.
 * @param which `number` counts from 1 in each run
 * @throws when something of ours fails before the endpoint is called: that costs the event no attempt
 */
export const makeAttempt =
  ({ endpoint, secretOf, now, random }: Deps) =>
  async (
    event: TenantEvent,
    connection: Connection,
    which: { run: number; number: number },
  ): Promise<Attempted | Refused> => {
    const secret = await secretOf(connection);
    const at = now();
    const body = attemptBody(event, at);
    const headers = signedHeaders(
      { event, body, at, number: which.number, isReplay: which.run > 1 },
      liveSecrets(secret, at),
    );
    const answer = await endpoint.post(connection.webhookUrl ?? '', headers, body);
    const { statusCode, errorClass, response, durationMs } = answer;
    const told = { event_id: event.id, event_type: event.type, brand_id: event.brand_id, ...which };
    count('DeliveryAttempt', { outcome: errorClass ?? 'delivered' });

    const refusal = refusalOf(errorClass);
    if (refusal) {
      logger.warn('delivery.refused', { ...told, error_class: refusal });
      return { refusal };
    }
    const isDelivered = errorClass === null;
    const isFinal = isDelivered || statusCode === GONE;
    const waitSeconds = isFinal ? null : nextDelaySeconds(which.number, retryAfterOf(answer), random());
    // From its answer on, by the clock that the wait is counted by: by the duration, whose fractions were rounded, a wait
    // of whole seconds could become one more.
    const nextAttemptAt = waitSeconds === null ? null : now() + waitSeconds * 1000;
    const status = isDelivered ? 'delivered' : nextAttemptAt === null ? 'failed' : 'retrying';
    logger.info('delivery.attempted', {
      ...told,
      status_code: statusCode,
      error_class: errorClass,
      duration_ms: durationMs,
      next_attempt_at: nextAttemptAt,
    });
    return { status, attempt: { ...which, at, durationMs, statusCode, errorClass, response, nextAttemptAt } };
  };

/** Only a busy endpoint may ask for time: contract §7. */
const retryAfterOf = ({ statusCode, retryAfterSeconds }: EndpointAnswer): number | null =>
  statusCode === 429 || statusCode === 503 ? retryAfterSeconds : null;
