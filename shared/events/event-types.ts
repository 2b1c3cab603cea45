/** Every type a tenant may receive: contract §6. */
export const EVENT_TYPES = [
  'message.received',
  'message.echoed',
  'message.sent',
  'message.delivered',
  'message.read',
  'message.played',
  'message.failed',
  'message.reconciled',
  'otp.not_requested',
  'template.status_changed',
  'template.category_changed',
  'template.quality_changed',
  'template.components_changed',
  'call.received',
  'call.status_changed',
  'call.ended',
  'contact.preference_changed',
  'contact.id_changed',
  'account.updated',
  'webhook.test',
  'endpoint.disabled',
  'endpoint.recovered',
] as const;
export type EventType = (typeof EVENT_TYPES)[number];

/** What a new connection starts with: the six of the product page, so that nobody's strict receiver is surprised. */
export const DEFAULT_EVENT_FILTER: readonly EventType[] = [
  'message.received',
  'message.delivered',
  'message.read',
  'message.failed',
  'template.status_changed',
  'call.received',
];
