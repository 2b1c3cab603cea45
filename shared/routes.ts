import type { Role } from './roles.ts';
import type { Scope } from './scopes.ts';

/** The gateway's stage, with which every public path begins. */
export const PUBLIC_ROOT = '/api';

/** What every external path begins with below the stage (`/api`). */
export const EXTERNAL_PREFIX = '/v1/whatsapp/external';

/** What every path of the dashboard's plane begins with below the stage. */
export const DASHBOARD_PREFIX = '/v1';

/** The endpoint of our own tenant, which takes its events like any other's: shared/canary.ts. */
export const CANARY_EVENTS_PATH = '/v1/canary/events';

/**
 * One row per endpoint: the gateways' routes, the authorizers' policies and the API document are all made from this table.
 * `function` is the folder below `functions/`. `scope` is what an API key needs; `any-key` is open to every valid key.
 * `role` is the least a person needs; rows of that kind are served by the dashboard's gateway, all others by the first.
 * Paths are those of API Gateway's resources: the stage is called `api`, so the public path is `/api` + `path`.
 */
export type Route = {
  function: string;
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  path: string;
  auth:
    | { kind: 'api-key'; scope: Scope | 'any-key' }
    | { kind: 'user'; role: Role }
    | { kind: 'meta' }
    | { kind: 'canary' }
    | { kind: 'public' };
};

const external = (method: Route['method'], path: string, scope: Scope | 'any-key', fn: string): Route => ({
  function: fn,
  method,
  path: `${EXTERNAL_PREFIX}${path}`,
  auth: { kind: 'api-key', scope },
});

const dashboard = (method: Route['method'], path: string, role: Role, fn: string): Route => ({
  function: fn,
  method,
  path: `${DASHBOARD_PREFIX}${path}`,
  auth: { kind: 'user', role },
});

export const ROUTES: readonly Route[] = [
  external('POST', '/send/otp', 'whatsapp:send_otp', 'send-otp'),
  external('POST', '/send/template', 'whatsapp:send_template', 'send-template'),
  external('POST', '/reply/text', 'whatsapp:reply', 'reply-text'),
  external('POST', '/reply/media', 'whatsapp:reply', 'reply-media'),
  external('POST', '/reply/interactive', 'whatsapp:reply', 'reply-interactive'),
  external('POST', '/reply/reaction', 'whatsapp:reply', 'reply-reaction'),
  external('POST', '/messages/{id}/read', 'whatsapp:reply', 'mark-message-read'),
  external('GET', '/templates', 'whatsapp:read_templates', 'list-templates'),
  external('GET', '/templates/{name}', 'whatsapp:read_templates', 'get-template'),
  external('GET', '/messages', 'whatsapp:read_messages', 'list-messages'),
  external('GET', '/messages/{id}', 'whatsapp:read_messages', 'get-message'),
  external('GET', '/messages/{id}/media', 'whatsapp:read_messages', 'get-message-media'),
  external('GET', '/conversations', 'whatsapp:read_conversations', 'list-conversations'),
  external('GET', '/conversations/{id}/messages', 'whatsapp:read_conversations', 'list-conversation-messages'),
  external('GET', '/webhooks/events', 'whatsapp:manage_webhooks', 'list-events'),
  external('GET', '/webhooks/events/{id}', 'whatsapp:manage_webhooks', 'get-event'),
  external('POST', '/webhooks/events/{id}/replay', 'whatsapp:manage_webhooks', 'replay-event'),
  external('POST', '/webhooks/recoveries', 'whatsapp:manage_webhooks', 'create-recovery'),
  external('GET', '/webhooks/recoveries/{id}', 'whatsapp:manage_webhooks', 'get-recovery'),
  external('POST', '/webhooks/recoveries/{id}/cancel', 'whatsapp:manage_webhooks', 'cancel-recovery'),
  external('POST', '/webhooks/test', 'whatsapp:manage_webhooks', 'send-test-event'),
  external('GET', '/key', 'any-key', 'get-key'),
  external('POST', '/key/report-leak', 'any-key', 'report-leaked-key'),
  { function: 'get-openapi', method: 'GET', path: '/openapi.json', auth: { kind: 'public' } },
  { function: 'receive-meta-webhook', method: 'GET', path: '/v1/whatsapp/webhook', auth: { kind: 'meta' } },
  { function: 'receive-meta-webhook', method: 'POST', path: '/v1/whatsapp/webhook', auth: { kind: 'meta' } },
  { function: 'receive-canary-event', method: 'POST', path: CANARY_EVENTS_PATH, auth: { kind: 'canary' } },

  dashboard('GET', '/me', 'viewer', 'get-me'),
  dashboard('GET', '/members', 'viewer', 'list-members'),
  dashboard('POST', '/members', 'owner', 'invite-member'),
  dashboard('PATCH', '/members/{id}', 'owner', 'update-member'),
  dashboard('DELETE', '/members/{id}', 'owner', 'remove-member'),
  dashboard('GET', '/brands', 'viewer', 'list-brands'),
  dashboard('POST', '/brands', 'owner', 'create-brand'),
  dashboard('PATCH', '/brands/{id}', 'owner', 'update-brand'),
  dashboard('GET', '/api-keys', 'viewer', 'list-api-keys'),
  dashboard('POST', '/api-keys', 'developer', 'create-api-key'),
  dashboard('PATCH', '/api-keys/{id}', 'developer', 'update-api-key'),
  dashboard('DELETE', '/api-keys/{id}', 'developer', 'revoke-api-key'),
  dashboard('POST', '/api-keys/{id}/roll', 'developer', 'roll-api-key'),
  dashboard('GET', '/audit-log', 'viewer', 'list-audit-log'),
  dashboard('GET', '/webhooks/events', 'viewer', 'list-brand-events'),
  dashboard('GET', '/webhooks/events/{id}', 'viewer', 'get-brand-event'),
  dashboard('POST', '/webhooks/events/{id}/replay', 'developer', 'replay-brand-event'),
  dashboard('GET', '/webhooks/recoveries', 'viewer', 'list-brand-recoveries'),
  dashboard('POST', '/webhooks/recoveries', 'developer', 'create-brand-recovery'),
  dashboard('GET', '/webhooks/recoveries/{id}', 'viewer', 'get-brand-recovery'),
  dashboard('POST', '/webhooks/recoveries/{id}/cancel', 'developer', 'cancel-brand-recovery'),
  dashboard('GET', '/whatsapp/messages', 'viewer', 'list-brand-messages'),
  dashboard('GET', '/whatsapp/messages/{id}', 'viewer', 'get-brand-message'),
  dashboard('GET', '/whatsapp/conversations', 'viewer', 'list-brand-conversations'),
  dashboard('GET', '/whatsapp/conversations/{id}/messages', 'viewer', 'list-brand-conversation-messages'),
  dashboard('GET', '/whatsapp/connections', 'viewer', 'list-connections'),
  dashboard('POST', '/whatsapp/connections', 'owner', 'create-connection'),
  dashboard('POST', '/whatsapp/connections/check', 'owner', 'check-connection'),
  dashboard('GET', '/whatsapp/connections/{id}', 'viewer', 'get-connection'),
  dashboard('PATCH', '/whatsapp/connections/{id}', 'developer', 'update-connection'),
  dashboard('DELETE', '/whatsapp/connections/{id}', 'owner', 'delete-connection'),
  dashboard('POST', '/whatsapp/connections/{id}/rotate-secret', 'developer', 'rotate-secret'),
  dashboard('POST', '/whatsapp/connections/{id}/promote-secret', 'developer', 'promote-secret'),
  dashboard('POST', '/whatsapp/connections/{id}/test', 'developer', 'test-connection'),
  dashboard('POST', '/whatsapp/connections/{id}/enable', 'developer', 'enable-connection'),
  dashboard('GET', '/whatsapp/templates', 'viewer', 'list-brand-templates'),
  dashboard('POST', '/whatsapp/templates', 'developer', 'submit-template'),
  dashboard('POST', '/whatsapp/templates/sync', 'developer', 'sync-brand-templates'),
  dashboard('DELETE', '/whatsapp/templates/{name}', 'developer', 'delete-template'),
];

/** Which gateway serves a route. */
export const isDashboardRoute = ({ auth }: Route): boolean => auth.kind === 'user';
