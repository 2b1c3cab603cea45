import { afterEach, describe, expect, test } from '@jest/globals';
import { authorizedBy, authorizer, type GatewayFixture, proxy, startGateway } from './gateway-fixture.ts';

const ECHO = 'export const handler = async (event) => ({ statusCode: 200, body: JSON.stringify(event) })';
const allow = (resource: string) => `{ Effect: 'Allow', Action: 'execute-api:Invoke', Resource: ${resource} }`;
const STAGE = `event.methodArn.split('/').slice(0, 2).join('/')`;

let fixture: GatewayFixture;
afterEach(() => fixture.stop());

const start = async (authorize: string, settings: object = {}) => {
  fixture = await startGateway({
    functions: { echo: ECHO, authorize: `export const handler = async (event) => { ${authorize} }` },
    authorizers: { Auth: authorizer('authorize', settings) },
    methods: [
      { method: 'GET', path: '/v1/messages/{id}', properties: proxy('echo', authorizedBy('Auth')) },
      { method: 'POST', path: '/v1/send', properties: proxy('echo', authorizedBy('Auth')) },
    ],
  });
};
const get = (headers: Record<string, string> = { 'X-API-Key': 'k' }) =>
  fixture.call('GET', '/api/v1/messages/1', { headers });
const send = (headers: Record<string, string> = { 'X-API-Key': 'k' }) =>
  fixture.call('POST', '/api/v1/send', { headers });
const asked = () => fixture.lambda.counters().authorize!.invocations;

const answer = (statements: string, more = '') =>
  `return { principalId: 'p', policyDocument: { Version: '2012-10-17', Statement: ${statements} } ${more} }`;

describe('a request authorizer', () => {
  test('passes its context on as text', async () => {
    await start(answer(`[${allow(`[${STAGE} + '/*']`)}]`, `, context: { brand_id: 'b', number: 5, flag: true }`));
    const { requestContext } = (await get()).json() as { requestContext: { authorizer: object } };
    expect(requestContext.authorizer).toEqual({
      principalId: 'p',
      brand_id: 'b',
      number: '5',
      flag: 'true',
      integrationLatency: expect.any(Number),
    });
  });

  test('gets the request, with its ARN and without its body', async () => {
    fixture = await startGateway({
      functions: {
        echo: ECHO,
        authorize: `export const handler = async (event) => ({ principalId: 'p', context: { event: JSON.stringify(event) },
          policyDocument: { Version: '2012-10-17', Statement: [${allow(`'*'`)}] } })`,
      },
      authorizers: { Auth: authorizer('authorize') },
      methods: [{ method: 'GET', path: '/v1/messages/{id}', properties: proxy('echo', authorizedBy('Auth')) }],
    });
    const { requestContext } = (await get()).json() as { requestContext: { authorizer: { event: string } } };
    expect(JSON.parse(requestContext.authorizer.event)).toMatchObject({
      type: 'REQUEST',
      methodArn: 'arn:aws:execute-api:eu-central-1:111111111111:test/api/GET/v1/messages/1',
      resource: '/v1/messages/{id}',
      path: '/v1/messages/1',
      pathParameters: { id: '1' },
      queryStringParameters: {},
      requestContext: { stage: 'api', path: '/api/v1/messages/1' },
    });
    expect(JSON.parse(requestContext.authorizer.event)).not.toHaveProperty('body');
  });

  test('its cached answer decides about every route, for the time to live in virtual time', async () => {
    await start(answer(`[${allow(`[${STAGE} + '/GET/v1/messages/*']`)}]`));
    expect([(await get()).status, (await send()).status, (await get()).status]).toEqual([200, 403, 200]);
    expect(asked()).toBe(1);
    await get({ 'X-API-Key': 'another' });
    expect(asked()).toBe(2);
    fixture.clock.advance(59_000);
    await get();
    expect(asked()).toBe(2);
    fixture.clock.advance(2000);
    await get();
    expect(asked()).toBe(3);
  });

  test('its cache can be flushed', async () => {
    await start(answer(`[${allow(`'*'`)}]`));
    await get();
    fixture.gateway.flushAuthorizerCache();
    await get();
    expect(asked()).toBe(2);
  });

  test('without a time to live it is asked each time', async () => {
    await start(answer(`[${allow(`'*'`)}]`), { AuthorizerResultTtlInSeconds: 0 });
    await get();
    await get();
    expect(asked()).toBe(2);
  });

  test('is not asked when an identity source is missing: 401', async () => {
    await start(answer(`[${allow(`'*'`)}]`));
    expect([(await get({})).status, (await get({ 'X-API-Key': '' })).status]).toEqual([401, 401]);
    expect(asked()).toBe(0);
  });

  test.each([
    ['an explicit deny wins', `[${allow(`'*'`)}, { Effect: 'Deny', Action: '*', Resource: '*' }]`, 403],
    ['no statement for the route', `[${allow(`${STAGE} + '/POST/*'`)}]`, 403],
    [
      'several statements with wildcards',
      `[${allow(`${STAGE} + '/POST/*'`)}, ${allow(`[${STAGE} + '/GET/v1/*/?']`)}]`,
      200,
    ],
    ['another action', `[{ Effect: 'Allow', Action: 's3:GetObject', Resource: '*' }]`, 403],
    ['an action with a wildcard', `[{ Effect: 'Allow', Action: 'execute-api:*', Resource: '*' }]`, 200],
    ['a single statement without a list', allow(`'*'`), 200],
  ])('%s', async (_name, statements, status) => {
    await start(answer(statements));
    expect((await get()).status).toBe(status);
  });

  test.each([
    ['an error of exactly Unauthorized', `throw new Error('Unauthorized')`, 401, 'UnauthorizedException'],
    ['any other error', `throw new Error('unauthorized')`, 500, 'AuthorizerFailureException'],
    ['an answer without a policy', `return { principalId: 'p' }`, 500, 'AuthorizerConfigurationException'],
    [
      'an answer without a principal',
      `return { policyDocument: { Statement: [] } }`,
      500,
      'AuthorizerConfigurationException',
    ],
    [
      'context that is not flat',
      answer(`[${allow(`'*'`)}]`, `, context: { a: {} }`),
      500,
      'AuthorizerConfigurationException',
    ],
    [
      'a condition, which is not evaluated',
      answer(`[{ ...${allow(`'*'`)}, Condition: {} }]`),
      500,
      'AuthorizerConfigurationException',
    ],
  ])('%s', async (_name, source, status, errorType) => {
    await start(source);
    const refused = await get();
    expect([refused.status, refused.headers.get('x-amzn-errortype')]).toEqual([status, errorType]);
  });

  test('one that Lambda does not run is a failure', async () => {
    await start('return {}');
    fixture.add('authorize', 'export const handler = async () => {}', { reservedConcurrency: 0 });
    expect((await get()).headers.get('x-amzn-errortype')).toBe('AuthorizerFailureException');
  });
});

describe('a token authorizer', () => {
  const settings = {
    Type: 'TOKEN',
    IdentitySource: 'method.request.header.Authorization',
    IdentityValidationExpression: 'Bearer [a-z]+',
  };
  const source = answer(
    `[${allow(`'*'`)}]`,
    `, context: { token: event.authorizationToken, keys: Object.keys(event).sort().join() }`,
  );

  test('gets the token and the ARN', async () => {
    await start(source, settings);
    const { requestContext } = (await get({ Authorization: 'Bearer abc' })).json() as {
      requestContext: { authorizer: object };
    };
    expect(requestContext.authorizer).toMatchObject({ token: 'Bearer abc', keys: 'authorizationToken,methodArn,type' });
  });

  test('is not asked about a token that does not match', async () => {
    await start(source, settings);
    expect((await get({ Authorization: 'Basic abc' })).status).toBe(401);
    expect(asked()).toBe(0);
  });
});
