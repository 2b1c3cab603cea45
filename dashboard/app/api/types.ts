import type { EventType } from '../../../shared/events/event-types.ts';
import type { Role } from '../../../shared/roles.ts';
import type { Scope } from '../../../shared/scopes.ts';
import type {
  Conversation,
  DeliveryAttempt,
  Event,
  EventDetail,
  Message,
  MessageDetail,
  Problem,
  Recovery,
  RecoveryDryRun,
  TemplateVersion,
} from '../../../test/support/openapi-types.ts';

// What both planes answer comes from openapi.json; what only people see is said here.

export type { Conversation, DeliveryAttempt, Event, EventDetail, Message, MessageDetail, Recovery, RecoveryDryRun };

export type Page<T> = { data: T[]; next_cursor: string | null; has_more: boolean };

/** The codes are many and may get more: a page that knows some of them compares strings. */
export type ProblemDocument = Omit<Problem, 'code'> & { code: string; steps?: Step[] };

/** A part of a job, as it ended. */
export type Step = { name: string; status: 'done' | 'failed' | 'skipped' | 'not_reached'; detail: string | null };

export type Me = { id: string; email: string; role: Role; organisation: { id: string; name: string } };
export type Brand = { id: string; name: string; created_at: string };
export type Member = {
  id: string;
  email: string;
  role: Role;
  status: 'invited' | 'active';
  invited_at: string;
  joined_at: string | null;
};

export type ApiKey = {
  id: string;
  brand_id: string;
  name: string;
  mode: 'live' | 'test';
  scopes: Scope[];
  /** ending: it was rolled, and goes on for a while. ended: revoked or expired. */
  status: 'active' | 'ending' | 'ended';
  created_at: string;
  expires_at: string | null;
  last_used_at: string | null;
  revoked_at: string | null;
  rolled_to: string | null;
};
/** Only in the answer to the request that made it. */
export type WithSecret<T> = T & { secret: string };

export type Connection = {
  id: string;
  brand_id: string;
  status: 'active' | 'disconnected';
  phone_number_id: string;
  waba_id: string;
  webhook_url: string | null;
  event_types: EventType[];
  default_otp_template: string | null;
  number: {
    display_phone_number: string | null;
    verified_name: string | null;
    quality_rating: string | null;
    status: string | null;
    name_status: string | null;
    throughput: string | null;
    messaging_limit: string | null;
    checked_at: string;
  } | null;
  token: { state: 'valid' | 'expiring' | 'dead'; expires_at: string | null; checked_at: string } | null;
  endpoint?: Endpoint;
  created_at: string;
  disconnected_at: string | null;
};

export type Endpoint = {
  /** `closed` is good: the breaker lets events through. */
  state: 'closed' | 'open' | 'half_open' | 'blocked' | 'disabled';
  reason: string | null;
  since: string | null;
  is_holding: boolean;
  failing_since: string | null;
  failed_events: number;
};

export type Rotation = {
  connection_id: string;
  rotated_at: string | null;
  promotes_at: string | null;
  old_ends_at: string | null;
};

export type Template = Omit<TemplateVersion, 'variables' | 'send_example' | 'components'> &
  Partial<Pick<TemplateVersion, 'components' | 'variables' | 'send_example'>>;

export type AuditEntry = {
  id: string;
  at: string;
  actor: { kind: string; id: string; email: string | null };
  action: string;
  target: { type: string; id: string };
  before: Record<string, unknown> | null;
  after: Record<string, unknown> | null;
  request_id: string;
};
