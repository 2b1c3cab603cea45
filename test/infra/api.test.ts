import { describe, expect, test } from '@jest/globals';
import * as z from 'zod';
import { API_ERRORS, type ErrorCode } from '../../shared/error-codes.ts';
import { isDashboardRoute, ROUTES } from '../../shared/routes.ts';
import { rawResources, synthesized } from './synthesized.ts';

const prod = synthesized('prod');
const { of } = prod.deployment;
const ofStack = <T extends { stack: string }>(stack: string, all: T[]): T[] =>
  all.filter((one) => one.stack === `quixess-prod-${stack}`);

/** Both gateways: which routes are whose, and what they say to a caller they do not know, or who may not. */
const GATEWAYS = {
  api: {
    routes: ROUTES.filter((route) => !isDashboardRoute(route)),
    refusals: [
      ['UNAUTHORIZED', 'invalid_api_key'],
      ['ACCESS_DENIED', 'insufficient_scope'],
    ],
    identity: 'method.request.header.X-API-Key',
    authorizer: 'authorize-api-key',
  },
  'dashboard-api': {
    routes: ROUTES.filter(isDashboardRoute),
    refusals: [
      ['UNAUTHORIZED', 'invalid_token'],
      ['ACCESS_DENIED', 'insufficient_role'],
    ],
    identity: 'method.request.header.Authorization',
    authorizer: 'authorize-user',
  },
} as const;

function gateway(stack: string) {
  const resources = new Map(
    ofStack(stack, of('AWS::ApiGateway::Resource')).map(({ ref, properties }) => [ref, properties]),
  );
  const pathOf = (id: string): string => {
    const resource = resources.get(id);
    return resource ? `${pathOf(resource.ParentId)}/${resource.PathPart}` : '';
  };
  const methods = ofStack(stack, of('AWS::ApiGateway::Method')).map(({ properties }) => ({
    ...properties,
    path: pathOf(properties.ResourceId),
  }));
  return {
    api: ofStack(stack, of('AWS::ApiGateway::RestApi'))[0],
    stage: ofStack(stack, of('AWS::ApiGateway::Stage'))[0],
    authorizers: ofStack(stack, of('AWS::ApiGateway::Authorizer')),
    responses: ofStack(stack, of('AWS::ApiGateway::GatewayResponse')).map(({ properties }) => properties),
    methods,
    method: (name: string, path: string) => methods.find((one) => one.HttpMethod === name && one.path === path)!,
  };
}

const Problem = z.strictObject({
  type: z.url(),
  title: z.string(),
  status: z.number(),
  code: z.string(),
  detail: z.string().min(10),
  instance: z.literal('$context.path'),
  request_id: z.literal('$context.requestId'),
  retryable: z.boolean(),
  retry_after_seconds: z.number().nullable(),
  fix: z.string().min(10),
  errors: z.tuple([]),
});
const problemIn = (templates: Record<string, string>) => Problem.parse(JSON.parse(templates['application/json']!));

test('the path of the product page is the path of the gateway, its stage included', () => {
  const { stage, method } = gateway('api');
  expect(stage!.properties.StageName).toBe('api');
  expect(method('POST', '/v1/whatsapp/external/send/otp')).toBeDefined();
});

describe.each(Object.entries(GATEWAYS))('%s', (name, { routes, refusals, identity, authorizer }) => {
  const { api, stage, method, methods, authorizers, responses } = gateway(name);

  test('takes TLS 1.2 and up, throttles, and logs neither bodies nor headers nor paths', () => {
    expect(api!.properties).toMatchObject({ SecurityPolicy: expect.stringContaining('TLS13_1_2') });
    expect(stage!.properties.MethodSettings).toEqual([
      expect.objectContaining({
        ResourcePath: '/*',
        HttpMethod: '*',
        ThrottlingRateLimit: 2000,
        ThrottlingBurstLimit: 4000,
      }),
    ]);
    const format = JSON.stringify(stage!.properties.AccessLogSetting);
    expect(format).toContain('$context.requestId');
    expect(format).not.toMatch(/\$context\.path|header|body|apiKey|userAgent|email/i);
  });

  describe.each(routes.map((route) => [`${route.method} ${route.path}`, route] as const))('%s', (_name, route) => {
    const found = method(route.method, route.path);

    test('calls its function', () => {
      expect(found.Integration).toMatchObject({
        Type: 'AWS_PROXY',
        Uri: expect.stringContaining(`:function:quixess-prod-${route.function}/`),
      });
    });

    test(`is authorized as ${route.auth.kind} says`, () => {
      const isOpen = ['meta', 'canary', 'public'].includes(route.auth.kind);
      if (isOpen) expect(found.AuthorizationType).toBe('NONE');
      else expect(found).toMatchObject({ AuthorizationType: 'CUSTOM', AuthorizerId: authorizers[0]!.ref });
    });

    test('answers 405 to other methods, naming those of its path', () => {
      const { AuthorizationType, Integration } = method('ANY', route.path);
      expect([AuthorizationType, Integration.Type]).toEqual(['NONE', 'MOCK']);
      const [answer] = Integration.Type === 'MOCK' ? Integration.IntegrationResponses : [];
      const allowed = routes.filter(({ path }) => path === route.path).map((other) => other.method);
      expect(answer!.ResponseParameters).toEqual({
        'method.response.header.Content-Type': "'application/problem+json'",
        'method.response.header.X-Request-Id': 'context.requestId',
        'method.response.header.Allow': `'${allowed.sort().join(', ')}'`,
      });
      expect(problemIn(answer!.ResponseTemplates)).toMatchObject({ status: 405, code: 'method_not_allowed' });
    });
  });

  test('no method is open that ROUTES does not say is, and none is there without a row', () => {
    const own = methods.filter(({ HttpMethod }) => HttpMethod !== 'ANY');
    const nameOf = ({ HttpMethod, path }: { HttpMethod: string; path: string }) => `${HttpMethod} ${path}`;
    const open = own.filter(({ AuthorizationType }) => AuthorizationType === 'NONE');
    const meant = routes.filter(({ auth }) => ['meta', 'canary', 'public'].includes(auth.kind));
    expect(open.map(nameOf).sort()).toEqual(meant.map((route) => `${route.method} ${route.path}`).sort());
    expect(own.map(nameOf).sort()).toEqual(routes.map((route) => `${route.method} ${route.path}`).sort());
  });

  test('the authorizer decides by the whole header, and its answer is kept for 60 s', () => {
    expect(authorizers.map(({ properties }) => properties)).toEqual([
      expect.objectContaining({
        Type: 'REQUEST',
        IdentitySource: identity,
        AuthorizerResultTtlInSeconds: 60,
        AuthorizerUri: expect.stringContaining(`:function:quixess-prod-${authorizer}/`),
      }),
    ]);
  });

  test.each(responses.map((response) => [response.ResponseType, response] as const))(
    'says %s in our words',
    (_type, response) => {
      const problem = problemIn(response.ResponseTemplates);
      const row = API_ERRORS[problem.code as ErrorCode];
      expect(problem).toMatchObject({
        type: `https://quixess.com/developers/errors/${problem.code}`,
        status: row.status,
        title: row.title,
        retryable: row.retryable,
        retry_after_seconds: row.retryAfterSeconds ?? null,
      });
      expect(response.StatusCode).toBe(String(row.status));
      const retryAfter = row.retryAfterSeconds === undefined ? {} : { 'Retry-After': `'${row.retryAfterSeconds}'` };
      const headers = {
        'Content-Type': "'application/problem+json'",
        'X-Request-Id': 'context.requestId',
        ...retryAfter,
      };
      expect(response.ResponseParameters).toEqual(
        Object.fromEntries(
          Object.entries(headers).map(([header, value]) => [`gatewayresponse.header.${header}`, value]),
        ),
      );
    },
  );

  test.each([
    ...refusals,
    ['MISSING_AUTHENTICATION_TOKEN', 'route_not_found'],
    ['REQUEST_TOO_LARGE', 'payload_too_large'],
    ['UNSUPPORTED_MEDIA_TYPE', 'unsupported_media_type'],
    ['THROTTLED', 'rate_limited'],
    ['QUOTA_EXCEEDED', 'rate_limited'],
    ['AUTHORIZER_FAILURE', 'unavailable'],
    ['AUTHORIZER_CONFIGURATION_ERROR', 'unavailable'],
    ['INTEGRATION_FAILURE', 'unavailable'],
    ['INTEGRATION_TIMEOUT', 'unavailable'],
    ['DEFAULT_4XX', 'invalid_request'],
    ['DEFAULT_5XX', 'unavailable'],
  ])('%s is %s', (type, code) => {
    const response = responses.find(({ ResponseType }) => ResponseType === type)!;
    expect(problemIn(response.ResponseTemplates).code).toBe(code);
  });

  test('no type is left in the words of Amazon', async () => {
    const { ResponseType } = await import('aws-cdk-lib/aws-apigateway');
    const all = Object.keys(ResponseType).filter((type) => /^[A-Z0-9_]+$/.test(type));
    expect(all.length).toBeGreaterThan(20);
    expect(responses.map(({ ResponseType: type }) => type).sort()).toEqual(all.sort());
  });
});

test('tenants are guarded by a firewall in prod, which Meta does not pass through', () => {
  const [firewall] = rawResources(prod, 'AWS::WAFv2::WebACL');
  expect(JSON.stringify(firewall)).toContain('"SearchString":"/v1/whatsapp/external"');
  expect(rawResources(prod, 'AWS::WAFv2::WebACLAssociation')).toHaveLength(2);
  expect(rawResources(synthesized('dev'), 'AWS::WAFv2::WebACL')).toEqual([]);
});

test('whoever deploys is told where the site is, and what Meta and on-call need', () => {
  expect(prod.outputs.sort()).toEqual([
    'ApiUrl',
    'DashboardApiUrl',
    'DashboardUrl',
    'DevelopersUrl',
    'FailedDeliveriesUrl',
    'InboundEventsDlqUrl',
    'MetaVerifyTokenSecretArn',
    'MetaWebhookUrl',
    'SignInUrl',
  ]);
});
