import type * as z from 'zod';
import { TenantEvent } from '../envelope.ts';
import type { EventType } from '../event-types.ts';
import * as message from './message-events.ts';
import * as other from './other-events.ts';

/** `data` of each type of event. */
export const EVENT_DATA = {
  'message.received': message.MessageReceived,
  'message.echoed': message.MessageEchoed,
  'message.sent': message.MessageSent,
  'message.delivered': message.MessageDelivered,
  'message.read': message.MessageRead,
  'message.played': message.MessagePlayed,
  'message.failed': message.MessageFailed,
  'message.reconciled': message.MessageReconciled,
  'otp.not_requested': message.OtpNotRequested,
  'template.status_changed': other.TemplateStatusChanged,
  'template.category_changed': other.TemplateCategoryChanged,
  'template.quality_changed': other.TemplateQualityChanged,
  'template.components_changed': other.TemplateComponentsChanged,
  'call.received': other.CallReceived,
  'call.status_changed': other.CallStatusChanged,
  'call.ended': other.CallEnded,
  'contact.preference_changed': other.ContactPreferenceChanged,
  'contact.id_changed': other.ContactIdChanged,
  'account.updated': other.AccountUpdated,
  'webhook.test': other.WebhookTest,
  'endpoint.disabled': other.EndpointDisabled,
  'endpoint.recovered': other.EndpointRecovered,
} as const satisfies Record<EventType, z.ZodType>;

/** @throws ZodError when an event is not what its type promises */
export function parseEvent(event: unknown): TenantEvent {
  const parsed = TenantEvent.parse(event);
  EVENT_DATA[parsed.type].parse(parsed.data);
  return parsed;
}
