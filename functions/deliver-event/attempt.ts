import type { Now } from '../../shared/clock.ts';
import { attemptBody, type TenantEvent } from '../../shared/events/envelope.ts';
import { logger } from '../../shared/logger.ts';
import { count } from '../../shared/metrics.ts';
import type { ConnectionSecret } from '../../shared/secrets.ts';
import type { Connection } from '../../shared/store/connection-store.ts';
import type { DeliveryAttempt, EventStatus } from '../../shared/store/event-store.ts';
import type { EndpointAnswer, EndpointClient } from '../../shared/webhooks/endpoint-client.ts';
import { nextDelaySeconds } from '../../shared/webhooks/retry-schedule.ts';
import { signedHeaders } from '../../shared/webhooks/signing.ts';

type Deps = {
  endpoint: EndpointClient;
  secretOf: (connection: Connection) => Promise<ConnectionSecret>;
  now: Now;
  random: () => number;
};

/** An attempt that was made, and the state it leaves the event in. */
export type Attempted = { attempt: DeliveryAttempt; status: Extract<EventStatus, 'delivered' | 'retrying' | 'failed'> };

/** Answers after which another attempt would be pointless or forbidden: contract §7. */
const GONE = 410;
const isFinal = (answer: EndpointAnswer): boolean =>
  answer.statusCode === GONE || answer.errorClass === 'address_not_allowed' || answer.errorClass === 'url_not_allowed';

/**
 * Signs and POSTs one event once.
 * @param which `number` counts from 1 in each run
 * @throws when something of ours fails before the endpoint is called: that costs the event no attempt
 */
export const makeAttempt =
  ({ endpoint, secretOf, now, random }: Deps) =>
  async (event: TenantEvent, connection: Connection, which: { run: number; number: number }): Promise<Attempted> => {
    const { signing_secrets } = await secretOf(connection);
    const at = now();
    const body = attemptBody(event, at);
    const headers = signedHeaders({ event, body, at, number: which.number, isReplay: which.run > 1 }, signing_secrets);
    const answer = await endpoint.post(connection.webhookUrl ?? '', headers, body);

    const isDelivered = answer.errorClass === null;
    const waitSeconds =
      isDelivered || isFinal(answer) ? null : nextDelaySeconds(which.number, retryAfterOf(answer), random());
    const nextAttemptAt = waitSeconds === null ? null : now() + waitSeconds * 1000;
    const status = isDelivered ? 'delivered' : nextAttemptAt === null ? 'failed' : 'retrying';
    const { statusCode, errorClass, response, durationMs } = answer;
    logger.info('delivery.attempted', {
      event_id: event.id,
      event_type: event.type,
      brand_id: event.brand_id,
      ...which,
      status_code: statusCode,
      error_class: errorClass,
      duration_ms: durationMs,
      next_attempt_at: nextAttemptAt,
    });
    count('DeliveryAttempt', { outcome: errorClass ?? 'delivered' });
    return { status, attempt: { ...which, at, durationMs, statusCode, errorClass, response, nextAttemptAt } };
  };

/** Only a busy endpoint may ask for time: contract §7. */
const retryAfterOf = ({ statusCode, retryAfterSeconds }: EndpointAnswer): number | null =>
  statusCode === 429 || statusCode === 503 ? retryAfterSeconds : null;
