import { OpenAPIRegistry, OpenApiGeneratorV31, type RouteConfig } from '@asteasolutions/zod-to-openapi';
import * as z from 'zod';
import { API_ERRORS, type ErrorCode } from '../error-codes.ts';
import { type EndpointContract, TAGS } from '../http/contract.ts';
import { problemDocument } from '../http/problem.ts';
import { EXTERNAL_PREFIX, PUBLIC_ROOT, type Route } from '../routes.ts';
import { addEvents, opened } from './events.ts';
import { Problem } from './problem-schema.ts';

export type Documented = { route: Route; contract: EndpointContract };

const DOCS_URL = 'https://quixess.com/developers/errors';
const PROBLEM = 'application/problem+json';

/** What the gateway and the edge may say to any request (infra/constructs/gateway-responses.ts, shared/http). */
const TO_ANYBODY: readonly ErrorCode[] = ['invalid_request', 'rate_limited', 'unavailable'];
const TO_A_KEY: readonly ErrorCode[] = ['invalid_api_key', 'insufficient_scope', 'brand_not_bound', 'forbidden'];
const TO_A_PERSON: readonly ErrorCode[] = ['invalid_token', 'insufficient_role', 'forbidden'];
const TO_A_BODY: readonly ErrorCode[] = ['payload_too_large', 'unsupported_media_type'];

const IdempotencyKey = z
  .string()
  .regex(/^[\x21-\x7e]{1,255}$/)
  .optional()
  .meta({
    description:
      'Makes the send safe to repeat for 24 hours: the same key with the same request gets the first answer.',
    example: '7c4a8d09-ca37-4d1b-a5b3-9f8e2c1d4e6f',
  });

const RequestId = {
  'X-Request-Id': { description: 'Id of the request, for support.', schema: { type: 'string' as const } },
};

/** The OpenAPI 3.1 document, made of the routes and the contracts beside their functions. */
export function openApiDocument(endpoints: readonly Documented[], version: string) {
  const registry = new OpenAPIRegistry();
  registry.registerComponent('securitySchemes', 'ApiKey', {
    type: 'apiKey',
    in: 'header',
    name: 'X-API-Key',
    description: 'A key of one brand, `qxs_…`, from Settings → API keys. Its scopes say which endpoints it may call.',
  });
  registry.registerComponent('securitySchemes', 'SignIn', {
    type: 'openIdConnect',
    // Each deployment names its own: functions/get-openapi.
    openIdConnectUrl: 'https://quixess.com/.well-known/openid-configuration',
    description:
      'For people: the access token of a sign-in by code and PKCE, as `Authorization: Bearer …`. The role of the person says which endpoints it may call; its organisation is the only one it reaches.',
  });
  for (const code of Object.keys(API_ERRORS) as ErrorCode[]) {
    registry.registerComponent('examples', code, { summary: API_ERRORS[code].title, value: example(code) });
  }
  for (const endpoint of endpoints) registry.registerPath(toPath(endpoint));
  addEvents(registry);
  const document = new OpenApiGeneratorV31(registry.definitions).generateDocument({
    openapi: '3.1.0',
    info: {
      title: 'Quixess Developer API',
      version,
      description:
        'Send one-time passwords, templates and replies, read history, and receive signed events. Times are ISO 8601 UTC; phone numbers are E.164 digits, taken with or without a plus. Unknown fields of requests are refused; answers may get new fields.',
      contact: { name: 'Quixess', url: 'https://quixess.com/developers' },
      license: { name: 'Proprietary', url: 'https://quixess.com/terms' },
    },
    servers: [
      {
        url: `https://{host}${PUBLIC_ROOT}`,
        variables: { host: { default: 'api.quixess.com', description: 'Host of the API.' } },
      },
    ],
    tags: Object.entries(TAGS).map(([name, description]) => ({ name, description })),
  });
  const schemas = Object.entries(document.components?.schemas ?? {});
  const open = schemas.map(([name, schema]) => [name, name.startsWith('Event') ? opened(schema) : schema]);
  return { ...document, components: { ...document.components, schemas: Object.fromEntries(open) } };
}

function toPath({ route, contract }: Documented): RouteConfig {
  const { params, query, body, isIdempotent = false } = contract;
  const errors = [...TO_ANYBODY, ...TO[route.auth.kind], ...(body ? TO_A_BODY : []), ...contract.errors];
  return {
    method: METHODS[route.method],
    path: route.path,
    operationId: contract.operationId,
    tags: [contract.tag],
    summary: contract.summary,
    description: contract.description + needs(route),
    ...access(route),
    request: {
      ...(params ? { params } : {}),
      ...(query ? { query } : {}),
      ...(isIdempotent ? { headers: z.object({ 'Idempotency-Key': IdempotencyKey }) } : {}),
      ...(body ? { body: { required: true, content: { 'application/json': { schema: body } } } } : {}),
    },
    responses: { ...successes(contract), ...problems(errors) },
  };
}

const METHODS = { GET: 'get', POST: 'post', PATCH: 'patch', DELETE: 'delete' } as const;

/** By who may call. */
const TO = { 'api-key': TO_A_KEY, user: TO_A_PERSON, public: [], meta: [], canary: [] } as const;

function access({ auth }: Route) {
  if (auth.kind === 'api-key') return { security: [{ ApiKey: [] }], 'x-quixess-scope': auth.scope };
  if (auth.kind === 'user') return { security: [{ SignIn: [] }], 'x-quixess-role': auth.role };
  return { security: [], 'x-quixess-scope': 'public' };
}

function needs({ auth }: Route): string {
  if (auth.kind === 'user') return `\n\nNeeds the role \`${auth.role}\`${auth.role === 'owner' ? '' : ' or more'}.`;
  if (auth.kind !== 'api-key' || auth.scope === 'any-key') return '';
  return `\n\nNeeds the scope \`${auth.scope}\`.`;
}

const successes = ({ responses, isIdempotent }: EndpointContract) =>
  Object.fromEntries(
    Object.entries(responses).map(([status, { description, schema, isCsvToo }]) => [
      status,
      {
        description,
        headers: {
          ...RequestId,
          ...(isIdempotent
            ? {
                'Idempotency-Replayed': {
                  description: '`true` on an answer given before.',
                  schema: { type: 'string' as const },
                },
              }
            : {}),
        },
        content: {
          'application/json': { schema },
          ...(isCsvToo ? { 'text/csv': { schema: { type: 'string' as const } } } : {}),
        },
      },
    ]),
  );

/** One answer for each status, with an example for each of its codes. */
function problems(codes: readonly ErrorCode[]) {
  const byStatus = Map.groupBy([...new Set(codes)], (code) => API_ERRORS[code].status);
  return Object.fromEntries(
    [...byStatus].map(([status, ofStatus]) => [
      String(status),
      {
        description: ofStatus.map((code) => `\`${code}\`: ${API_ERRORS[code].title}.`).join('\n\n'),
        headers: {
          ...RequestId,
          ...(ofStatus.some((code) => API_ERRORS[code].retryAfterSeconds !== undefined)
            ? { 'Retry-After': { description: 'Seconds to wait.', schema: { type: 'string' as const } } }
            : {}),
        },
        content: {
          [PROBLEM]: {
            schema: Problem,
            examples: Object.fromEntries(ofStatus.map((code) => [code, { $ref: `#/components/examples/${code}` }])),
          },
        },
      },
    ]),
  );
}

const example = (code: ErrorCode) =>
  problemDocument(DOCS_URL, code, {
    detail: API_ERRORS[code].title,
    instance: `${PUBLIC_ROOT}${EXTERNAL_PREFIX}/send/template`,
    requestId: '0b8e6d2e-3f0c-4f6d-9a51-6a6d5c1e7f10',
  });
