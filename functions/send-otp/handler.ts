import { documentClient } from '../../shared/aws.ts';
import { readEnv } from '../../shared/env.ts';
import { apiHandler } from '../../shared/http/api-handler.ts';
import { graphClient } from '../../shared/meta/graph-client.ts';
import { ConnectionSecret, RequestSigning, readSecret } from '../../shared/secrets.ts';
import { onceSender } from '../../shared/sending/send-once.ts';
import { cached } from '../../shared/store/cached.ts';
import { connectionStore } from '../../shared/store/connection-store.ts';
import { idempotencyStore } from '../../shared/store/idempotency-store.ts';
import { messageStore } from '../../shared/store/message-store.ts';
import { templateStore } from '../../shared/store/template-store.ts';
import { SendOtpBody } from './schema.ts';
import { sendOtp } from './send-otp.ts';

const env = readEnv(
  'CONNECTIONS_TABLE_NAME',
  'TEMPLATES_TABLE_NAME',
  'MESSAGES_TABLE_NAME',
  'IDEMPOTENCY_TABLE_NAME',
  'REQUEST_SIGNING_SECRET_ARN',
  'META_GRAPH_URL',
  'META_GRAPH_VERSION',
  'META_TIMEOUT_MS',
  'ERROR_DOCS_URL',
);

/** Beyond Meta's time limit; with it not less than the function's own, after which nobody is at work any more. */
const WRITE_DOWN_MS = 10_000;

const client = documentClient();
const now = Date.now;
const connections = connectionStore(client, env.CONNECTIONS_TABLE_NAME);
const templates = templateStore(client, env.TEMPLATES_TABLE_NAME);
export const handler = apiHandler(
  { body: SendOtpBody, docsUrl: env.ERROR_DOCS_URL },
  sendOtp({
    connectionOf: cached(connections.activeOfBrand, (found) => found !== null, now),
    secretOf: (connection) => readSecret(connection.secretArn, ConnectionSecret),
    templateVersions: cached(templates.versionsOf, (found) => found.some((one) => one.status === 'APPROVED'), now),
    sendOnce: onceSender({
      idempotency: idempotencyStore(client, env.IDEMPOTENCY_TABLE_NAME),
      messages: messageStore(client, env.MESSAGES_TABLE_NAME),
      graph: graphClient({
        baseUrl: env.META_GRAPH_URL,
        version: env.META_GRAPH_VERSION,
        timeoutMs: env.META_TIMEOUT_MS,
        now,
      }),
      signingKey: async () => (await readSecret(env.REQUEST_SIGNING_SECRET_ARN, RequestSigning)).key,
      ownerLifeMs: env.META_TIMEOUT_MS + WRITE_DOWN_MS,
      docsUrl: env.ERROR_DOCS_URL,
      now,
    }),
  }),
);
