import type { CallerRefusals } from './gateway-responses.ts';

/** What tells one gateway from another: who calls it. */
export type GatewayKind = {
  /** Of the REST API, and of the log group of its access log. */
  name: string;
  accessLog: string;
  /** Field of the access log → what the authorizer passes on. */
  caller: Record<string, string>;
  refusals: CallerRefusals;
  /** An account has one role for the logs of all its gateways: one stack makes it. */
  hasLogRole: boolean;
};

/** Tenants' backends, and Meta. */
export const EXTERNAL_API: GatewayKind = {
  name: 'api',
  accessLog: 'access',
  caller: { keyId: 'key_id', brandId: 'brand_id' },
  refusals: {
    UNAUTHORIZED: ['invalid_api_key', 'The X-API-Key header is missing, or its key is not valid.'],
    ACCESS_DENIED: ['insufficient_scope', 'The API key is valid, but its scopes do not include this endpoint.'],
    AUTHORIZER_FAILURE: ['unavailable', 'The API key could not be checked.'],
    AUTHORIZER_CONFIGURATION_ERROR: ['unavailable', 'The API key could not be checked.'],
  },
  hasLogRole: true,
};

/** People, by the dashboard. */
export const DASHBOARD_API: GatewayKind = {
  name: 'dashboard-api',
  accessLog: 'dashboard-access',
  caller: { organisationId: 'organisation_id', memberId: 'member_id', role: 'role' },
  refusals: {
    UNAUTHORIZED: ['invalid_token', 'The Authorization header is missing, or its access token is not valid.'],
    ACCESS_DENIED: [
      'insufficient_role',
      'You are signed in, but your role does not include this, or you belong to no organisation that is active.',
    ],
    AUTHORIZER_FAILURE: ['unavailable', 'The access token could not be checked.'],
    AUTHORIZER_CONFIGURATION_ERROR: ['unavailable', 'The access token could not be checked.'],
  },
  hasLogRole: false,
};
