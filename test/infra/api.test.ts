import { describe, expect, test } from '@jest/globals';
import * as z from 'zod';
import { API_ERRORS, type ErrorCode } from '../../shared/errors.ts';
import { ROUTES } from '../../shared/routes.ts';
import { rawResources, synthesized } from './synthesized.ts';

const prod = synthesized('prod');
const { of } = prod.deployment;
const [api] = of('AWS::ApiGateway::RestApi');
const [stage] = of('AWS::ApiGateway::Stage');
const resources = new Map(of('AWS::ApiGateway::Resource').map(({ ref, properties }) => [ref, properties]));
const pathOf = (id: string): string => {
  const resource = resources.get(id);
  return resource ? `${pathOf(resource.ParentId)}/${resource.PathPart}` : '';
};
const methods = of('AWS::ApiGateway::Method').map(({ properties }) => ({
  ...properties,
  path: pathOf(properties.ResourceId),
}));
const method = (name: string, path: string) => methods.find((one) => one.HttpMethod === name && one.path === path)!;

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
  expect(stage!.properties.StageName).toBe('api');
  expect(method('POST', '/v1/whatsapp/external/send/otp')).toBeDefined();
});

test('the gateway takes TLS 1.2 and up, throttles, and logs neither bodies nor headers nor paths', () => {
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
  expect(format).not.toMatch(/\$context\.path|header|body|apiKey|userAgent/i);
});

describe.each(ROUTES.map((route) => [`${route.method} ${route.path}`, route] as const))('%s', (_name, route) => {
  const found = method(route.method, route.path);

  test('calls its function', () => {
    expect(found.Integration).toMatchObject({
      Type: 'AWS_PROXY',
      Uri: expect.stringContaining(`:function:quixess-prod-${route.function}/`),
    });
  });

  test(`is authorized as ${route.auth.kind} says`, () => {
    const [authorizer] = of('AWS::ApiGateway::Authorizer');
    if (route.auth.kind !== 'api-key') expect(found.AuthorizationType).toBe('NONE');
    else expect(found).toMatchObject({ AuthorizationType: 'CUSTOM', AuthorizerId: authorizer!.ref });
  });

  test('answers 405 to other methods, naming those of its path', () => {
    const { AuthorizationType, Integration } = method('ANY', route.path);
    expect([AuthorizationType, Integration.Type]).toEqual(['NONE', 'MOCK']);
    const [answer] = Integration.Type === 'MOCK' ? Integration.IntegrationResponses : [];
    const allowed = ROUTES.filter(({ path }) => path === route.path).map((other) => other.method);
    expect(answer!.ResponseParameters).toEqual({
      'method.response.header.Content-Type': "'application/problem+json'",
      'method.response.header.X-Request-Id': 'context.requestId',
      'method.response.header.Allow': `'${allowed.sort().join(', ')}'`,
    });
    expect(problemIn(answer!.ResponseTemplates)).toMatchObject({ status: 405, code: 'method_not_allowed' });
  });
});

test('no method is open that ROUTES does not say is', () => {
  const open = methods.filter(
    ({ AuthorizationType, HttpMethod }) => AuthorizationType === 'NONE' && HttpMethod !== 'ANY',
  );
  const meant = ROUTES.filter(({ auth }) => auth.kind !== 'api-key').map((route) => `${route.method} ${route.path}`);
  expect(open.map(({ HttpMethod, path }) => `${HttpMethod} ${path}`).sort()).toEqual(meant.sort());
});

test('the authorizer decides by the whole X-API-Key header, and its answer is kept for 60 s', () => {
  expect(of('AWS::ApiGateway::Authorizer').map(({ properties }) => properties)).toEqual([
    expect.objectContaining({
      Type: 'REQUEST',
      IdentitySource: 'method.request.header.X-API-Key',
      AuthorizerResultTtlInSeconds: 60,
      AuthorizerUri: expect.stringContaining(':function:quixess-prod-authorize-api-key/'),
    }),
  ]);
});

describe('what the gateway refuses by itself', () => {
  const responses = of('AWS::ApiGateway::GatewayResponse').map(({ properties }) => properties);

  test.each(responses.map((response) => [response.ResponseType, response] as const))('%s', (_type, response) => {
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
      Object.fromEntries(Object.entries(headers).map(([name, value]) => [`gatewayresponse.header.${name}`, value])),
    );
  });

  test.each([
    ['UNAUTHORIZED', 'invalid_api_key'],
    ['ACCESS_DENIED', 'insufficient_scope'],
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
    const all = Object.keys(ResponseType).filter((name) => /^[A-Z0-9_]+$/.test(name));
    expect(all.length).toBeGreaterThan(20);
    expect(responses.map(({ ResponseType: type }) => type).sort()).toEqual(all.sort());
  });
});

test('tenants are guarded by a firewall in prod, which Meta does not pass through', () => {
  const [firewall] = rawResources(prod, 'AWS::WAFv2::WebACL');
  expect(JSON.stringify(firewall)).toContain('"SearchString":"/v1/whatsapp/external"');
  expect(rawResources(prod, 'AWS::WAFv2::WebACLAssociation')).toHaveLength(1);
  expect(rawResources(synthesized('dev'), 'AWS::WAFv2::WebACL')).toEqual([]);
});

test('whoever deploys is told where the site is, and what Meta and on-call need', () => {
  expect(prod.outputs.sort()).toEqual([
    'ApiUrl',
    'DashboardUrl',
    'DevelopersUrl',
    'FailedDeliveriesUrl',
    'InboundEventsDlqUrl',
    'MetaVerifyTokenSecretArn',
    'MetaWebhookUrl',
  ]);
});
