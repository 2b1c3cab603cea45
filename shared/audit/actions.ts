// The dashboard reads it in the browser: nothing is imported here.

/** What may be changed, and how it is said. New ones may come. */
export const AUDIT_ACTIONS = [
  'organisation.created',
  'organisation.suspended',
  'organisation.unsuspended',
  'member.invited',
  'member.joined',
  'member.role_changed',
  'member.removed',
  'brand.created',
  'brand.updated',
  'api_key.created',
  'api_key.updated',
  'api_key.rolled',
  'api_key.revoked',
  'connection.created',
  'connection.updated',
  'connection.deleted',
  'connection.enabled',
  'connection.tested',
  'connection.secret_rotated',
  'connection.secret_promoted',
  'connection.token_invalid',
  'connection.token_expiring',
  'template.submitted',
  'template.deleted',
  'templates.synced',
  'event.replayed',
  'recovery.created',
  'recovery.cancelled',
] as const;

export const AUDIT_TARGETS = [
  'organisation',
  'member',
  'brand',
  'api_key',
  'connection',
  'template',
  'event',
  'recovery',
] as const;
