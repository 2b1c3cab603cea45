import * as z from 'zod';

const name = z.string().min(1);
const positive = z.coerce.number().int().positive();
const arn = z.string().startsWith('arn:');
const url = z.url();
const positiveInteger = z.coerce.number().int().positive();

/** Every environment variable a function may read, with its type and unit. Infra is typed by the same names. */
const variables = {
  /** Deployment stage, for logs and metrics. */
  STAGE: name,

  API_KEYS_TABLE_NAME: name,
  CLAIMS_TABLE_NAME: name,
  AUDIT_LOG_TABLE_NAME: name,
  BRANDS_TABLE_NAME: name,
  CHECKPOINTS_TABLE_NAME: name,
  CONNECTIONS_TABLE_NAME: name,
  CONVERSATIONS_TABLE_NAME: name,
  ENDPOINTS_TABLE_NAME: name,
  EVENTS_TABLE_NAME: name,
  IDEMPOTENCY_TABLE_NAME: name,
  LIMITS_TABLE_NAME: name,
  MEMBERS_TABLE_NAME: name,
  MESSAGES_TABLE_NAME: name,
  META_UPDATES_TABLE_NAME: name,
  ORGANISATIONS_TABLE_NAME: name,
  RECOVERIES_TABLE_NAME: name,
  TEMPLATES_TABLE_NAME: name,

  /** Addresses whose certificate is watched, with commas between. */
  WATCHED_URLS: name.transform((urls) => urls.split(',')),

  /** The gateway of tenants' backends: its authorizer's cache is flushed when a key must end at once. */
  EXTERNAL_API_ID: name,

  MEDIA_BUCKET_NAME: name,

  INBOUND_EVENTS_QUEUE_URL: url,
  INBOUND_MEDIA_QUEUE_URL: url,
  DELIVERIES_QUEUE_URL: url,
  SLOW_DELIVERIES_QUEUE_URL: url,
  EXHAUSTED_DELIVERIES_QUEUE_URL: url,
  RETRY_LADDER_ARN: arn,
  ENDPOINT_WATCH_ARN: arn,
  EVENT_RECOVERY_ARN: arn,

  /** JSON `{app_secret, verify_token}`: Meta's app secret signs every webhook of the app. */
  META_APP_SECRET_ARN: arn,
  /** JSON `{version, pepper}`: the HMAC key over API key secrets. */
  KEY_PEPPER_SECRET_ARN: arn,
  /** The canary's connection: ConnectionSecret in shared/secrets.ts. */
  CANARY_SECRET_ARN: arn,
  /** JSON `{key}`: keys the fingerprints of requests, and cursors. */
  REQUEST_SIGNING_SECRET_ARN: arn,

  /** Who signs people in: the `iss` of their tokens, where its public keys are, and the dashboard's client there. */
  OIDC_ISSUER: url,
  OIDC_JWKS_URL: url,
  OIDC_CLIENT_ID: name,

  /** Id of our app at Meta: tokens have to be given to it, and its webhooks are ours. */
  META_APP_ID: z.string().regex(/^\d+$/),
  /** Without a slash at the end, e.g. `https://graph.facebook.com`. */
  META_GRAPH_URL: url,
  /** e.g. `v26.0`. */
  META_GRAPH_VERSION: z.string().regex(/^v\d+\.\d+$/),
  /** Meta's answer is waited for this long, milliseconds. API Gateway gives up at 29 s. */
  META_TIMEOUT_MS: positiveInteger,

  /** As callers know the API, with `/api`: the canary comes in by it. */
  CANARY_API_URL: url,

  /** How long files that people sent are kept, days. */
  MEDIA_RETENTION_DAYS: positiveInteger,

  /** The API's throttle, told to tenants: steady requests per second, and how many may come at once. */
  API_REQUESTS_PER_SECOND: positiveInteger,
  API_BURST: positiveInteger,

  /** Limits where a key or a connection has none of its own: docs/limits.md. */
  REQUESTS_PER_MINUTE: positive,
  OTP_PER_TEN_MINUTES: positive,
  OTP_PER_DAY: positive,
  PAIR_BURST: positive,
  NUMBER_MESSAGES_PER_SECOND: positive,

  /** Prefix of the `type` of problem documents, without a slash at the end: the public error pages. */
  ERROR_DOCS_URL: url,
  /** `public`: only public addresses. `allow-loopback`: also http and loopback; the local stage alone. */
  ENDPOINT_POLICY: z.enum(['public', 'allow-loopback']),
  /** How long a tenant's endpoint may take for its whole answer, milliseconds. */
  DELIVERY_TIMEOUT_MS: positiveInteger,
  /** Calls to one endpoint at once from one container. */
  IN_FLIGHT_PER_ENDPOINT: positiveInteger,
  /** Calls to one endpoint at once from the whole slow lane. */
  SLOW_IN_FLIGHT_PER_ENDPOINT: positiveInteger,
  /** Ladders of one endpoint under way at once: contract §7. */
  LADDERS_PER_ENDPOINT: positiveInteger,
  /** Events per second an endpoint is given at most; releases and recoveries take half of it. */
  ENDPOINT_EVENTS_PER_SECOND: positiveInteger,
};

export type EnvName = keyof typeof variables;
export type Env<N extends EnvName = EnvName> = { [K in N]: z.output<(typeof variables)[K]> };

/**
 * Reads the named variables from `process.env`, parsed.
 * @throws at once, naming every variable that is missing or wrong (never its value), so a bad deployment fails at cold start.
 */
export function readEnv<N extends EnvName>(...names: N[]): Env<N> {
  const values: Partial<Record<EnvName, unknown>> = {};
  const wrong: string[] = [];
  for (const key of names) {
    const parsed = variables[key].safeParse(process.env[key]);
    if (parsed.success) values[key] = parsed.data;
    else wrong.push(key);
  }
  if (wrong.length > 0) throw new Error(`Environment variables missing or wrong: ${wrong.join(', ')}`);
  return values as Env<N>;
}
