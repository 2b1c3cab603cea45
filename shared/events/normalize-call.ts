import { toIso } from '../clock.ts';
import { Call, CallStatus } from '../meta/account-schema.ts';
import { toMessageErrors } from '../meta/meta-errors.ts';
import type { CallUpdate } from './inbound-update.ts';
import type { NumberContext } from './normalize-number.ts';
import { NOBODY, toPerson } from './person.ts';

type Route = { phone_number_id: string; waba_id: string | null };

const STATUSES: ReadonlyMap<string, 'ringing' | 'accepted' | 'rejected'> = new Map([
  ['RINGING', 'ringing'],
  ['ACCEPTED', 'accepted'],
  ['REJECTED', 'rejected'],
] as const);

/** The start or the end of a call: meta-cloud-api §5.7. @param errors stand beside the calls, not in them */
export function toCall(
  { contacts, ownNumber }: NumberContext,
  route: Route,
  raw: unknown,
  errors: readonly unknown[] | undefined,
): CallUpdate | null {
  const call = Call.safeParse(raw).data;
  if (!call || (call.event !== 'connect' && call.event !== 'terminate')) return null;
  const direction = directionOf(call, ownNumber);
  const person =
    direction === 'inbound'
      ? toPerson(call.from, call.from_user_id, contacts)
      : toPerson(call.to, call.to_user_id, contacts);
  const common = {
    kind: 'call' as const,
    ...route,
    at: call.timestamp,
    call_id: call.id,
    direction,
    person: person ?? NOBODY,
  };
  if (call.event === 'connect' && direction === 'outbound') {
    return { ...common, event: 'status_changed', status: 'connected', details: { status: 'connected' } };
  }
  if (call.event === 'connect') {
    const { deeplink_payload = null, cta_payload: button_payload = null } = call;
    return { ...common, event: 'received', status: 'connect', details: { deeplink_payload, button_payload } };
  }
  const details = {
    status: endOf(call.status),
    started_at: call.start_time === undefined ? null : toIso(call.start_time),
    ended_at: call.end_time === undefined ? null : toIso(call.end_time),
    duration_seconds: call.duration ?? null,
    errors: toMessageErrors(call.errors ?? errors),
  };
  return { ...common, event: 'ended', status: 'terminate', details };
}

/** What becomes of a call from our number; the person called is the recipient. */
export function toCallStatus({ contacts }: NumberContext, route: Route, raw: unknown): CallUpdate | null {
  const update = CallStatus.safeParse(raw).data;
  const status = update && STATUSES.get(update.status.toUpperCase());
  if (!update || !status) return null;
  return {
    kind: 'call',
    ...route,
    at: update.timestamp,
    call_id: update.id,
    event: 'status_changed',
    status,
    direction: 'outbound',
    person: toPerson(update.recipient_id, update.recipient_user_id, contacts) ?? NOBODY,
    details: { status },
  };
}

/** Missing in some of Meta's samples: then who called is told by whose number it is, or by who answers. */
function directionOf(
  call: {
    direction?: string | undefined;
    from?: string | undefined;
    session?: { sdp_type?: string | undefined } | undefined;
  },
  ownNumber: string | null,
): CallUpdate['direction'] {
  if (call.direction !== undefined)
    return call.direction.toUpperCase() === 'BUSINESS_INITIATED' ? 'outbound' : 'inbound';
  const isOurs = ownNumber !== null && call.from?.replace(/\D/g, '') === ownNumber;
  return isOurs || call.session?.sdp_type === 'answer' ? 'outbound' : 'inbound';
}

/** Meta's pages print it in capitals and not. */
function endOf(status: string | undefined): 'completed' | 'failed' | 'unknown' {
  const lower = status?.toLowerCase();
  return lower === 'completed' || lower === 'failed' ? lower : 'unknown';
}
