import { CANARY_EVENTS_PATH } from './routes.ts';
import { SANDBOX_WABA } from './sandbox/sandbox-connection.ts';
import type { Connection } from './store/connection-store.ts';

/** The checkpoint that says which of the canary's messages came back: the newest, by when it was sent. */
export const CANARY_JOB = 'canary';

export const CANARY_BRAND = 'brd_canary';

/** The tenant that watches: it has no number, sends as the sandbox does, and its endpoint is in our own gateway. */
export const canaryConnection = (apiUrl: string, secretArn: string, createdAt: number): Connection => ({
  connectionId: 'con_canary',
  brandId: CANARY_BRAND,
  organisationId: 'org_canary',
  status: 'active',
  phoneNumberId: 'canary',
  wabaId: SANDBOX_WABA,
  secretArn,
  webhookUrl: `${apiUrl}${CANARY_EVENTS_PATH}`,
  eventFilter: ['message.delivered'],
  defaultOtpTemplate: null,
  createdAt,
});
