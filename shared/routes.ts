import type { Scope } from './scopes.ts';

/** What every external path begins with below the stage (`/api`). */
export const EXTERNAL_PREFIX = '/v1/whatsapp/external';

/**
 * One row per endpoint: the gateway's routes, the authorizer's policy and the API document are all made from this table.
 * `function` is the folder below `functions/`. `scope` is what an API key needs; `any-key` is open to every valid key.
 * Paths are those of API Gateway's resources: the stage is called `api`, so the public path is `/api` + `path`.
 */
export type Route = {
  function: string;
  method: 'GET' | 'POST';
  path: string;
  auth: { kind: 'api-key'; scope: Scope | 'any-key' } | { kind: 'meta' };
};

const apiKey = (scope: Scope | 'any-key') => ({ kind: 'api-key' as const, scope });

export const ROUTES: readonly Route[] = [
  { function: 'send-otp', method: 'POST', path: `${EXTERNAL_PREFIX}/send/otp`, auth: apiKey('whatsapp:send_otp') },
  { function: 'receive-meta-webhook', method: 'GET', path: '/v1/whatsapp/webhook', auth: { kind: 'meta' } },
  { function: 'receive-meta-webhook', method: 'POST', path: '/v1/whatsapp/webhook', auth: { kind: 'meta' } },
];
