import { request } from 'node:http';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { type GatewayFixture, type GatewayFixtureOptions, proxy, startGateway } from './gateway-fixture.ts';

const ECHO = 'export const handler = async (event) => ({ statusCode: 200, body: JSON.stringify(event) })';
const answering = (answer: string) => `export const handler = async () => (${answer})`;

const PROBLEM =
  '{"code":"$context.error.responseType","message":$context.error.messageString,"id":"$context.requestId","at":"$context.path"}';
const gatewayResponses = {
  MISSING_AUTHENTICATION_TOKEN: {
    StatusCode: '404',
    ResponseParameters: {
      'gatewayresponse.header.Content-Type': "'application/problem+json'",
      'gatewayresponse.header.X-Request-Id': 'context.requestId',
      'gatewayresponse.header.X-Origin': 'method.request.header.Origin',
    },
    ResponseTemplates: { 'application/json': PROBLEM },
  },
  DEFAULT_5XX: { ResponseTemplates: { 'application/json': PROBLEM } },
};

describe('the proxy event', () => {
  let fixture: GatewayFixture;
  beforeAll(async () => {
    fixture = await startGateway({
      functions: { echo: ECHO },
      methods: [
        { method: 'POST', path: '/v1/messages/{id}', properties: proxy('echo') },
        { method: 'GET', path: '/v1/messages/latest', properties: proxy('echo') },
        { method: 'ANY', path: '/v1/files/{path+}', properties: proxy('echo') },
        { method: 'POST', path: '/v1/binary', properties: proxy('echo') },
      ],
      binaryMediaTypes: ['application/octet-stream', 'image/*'],
    });
  });
  afterAll(() => fixture.stop());

  test('is that of a REST API, in virtual time', async () => {
    fixture.clock.advance(86_400_000);
    const answer = await fixture.call('POST', '/api/v1/messages/a%20b?limit=1&limit=2&q=%C3%A9', {
      headers: { 'X-Custom': 'one', 'Content-Type': 'application/json', 'X-Forwarded-For': '203.0.113.9' },
      body: '{"text":"ü"}',
    });
    const event = answer.json();
    const {
      requestContext: context,
      headers,
      multiValueHeaders,
      ...rest
    } = event as Record<string, Record<string, unknown>>;
    expect(rest).toEqual({
      resource: '/v1/messages/{id}',
      path: '/v1/messages/a%20b',
      httpMethod: 'POST',
      queryStringParameters: { limit: '2', q: 'é' },
      multiValueQueryStringParameters: { limit: ['1', '2'], q: ['é'] },
      pathParameters: { id: 'a b' },
      stageVariables: null,
      body: '{"text":"ü"}',
      isBase64Encoded: false,
    });
    expect(headers).toMatchObject({
      'X-Forwarded-For': '203.0.113.9, 127.0.0.1',
      'X-Amzn-Trace-Id': expect.stringMatching(/^Root=1-/),
    });
    expect(multiValueHeaders).toMatchObject({ 'X-Forwarded-For': ['203.0.113.9, 127.0.0.1'] });
    expect(Object.keys(headers!).map((name) => name.toLowerCase())).not.toContain('connection');
    expect(context).toMatchObject({
      accountId: '111111111111',
      apiId: 'test',
      stage: 'api',
      path: '/api/v1/messages/a%20b',
      resourcePath: '/v1/messages/{id}',
      httpMethod: 'POST',
      protocol: 'HTTP/1.1',
      requestId: answer.headers.get('x-amzn-requestid'),
      requestTime: expect.stringMatching(/^\d\d\/[A-Z][a-z]{2}\/\d{4}:\d\d:\d\d:\d\d \+0000$/),
      identity: expect.objectContaining({ sourceIp: '127.0.0.1' }),
    });
    expect(Math.abs(Number(context!.requestTimeEpoch) - fixture.clock.now())).toBeLessThan(5000);
    expect(answer.headers.get('content-type')).toBe('application/json');
  });

  test('keeps the spelling of header names, and all values', async () => {
    const { promise, resolve } = Promise.withResolvers<string>();
    const url = `${fixture.gateway.url}/api/v1/messages/latest`;
    request(url, { headers: { 'X-MiXed': ['a', 'b'] } }, (response) => {
      let text = '';
      response.on('data', (chunk) => {
        text += String(chunk);
      });
      response.on('end', () => resolve(text));
    }).end();
    const event: unknown = JSON.parse(await promise);
    expect(event).toMatchObject({
      headers: { 'X-MiXed': 'b' },
      multiValueHeaders: { 'X-MiXed': ['a', 'b'] },
      body: null,
    });
  });

  test.each([
    ['/api/v1/messages/latest', 'GET', '/v1/messages/latest', null],
    ['/api/v1/messages/latest/', 'GET', '/v1/messages/latest', null],
    ['/api/v1/files/a/b.txt', 'PUT', '/v1/files/{path+}', { path: 'a/b.txt' }],
  ])('%s goes to the right resource', async (path, method, resource, pathParameters) => {
    expect((await fixture.call(method, path)).json()).toMatchObject({ resource, pathParameters });
  });

  test('binary bodies come as base64', async () => {
    const body = new Uint8Array([0, 255, 1]);
    const binary = await fixture.call('POST', '/api/v1/binary', { headers: { 'Content-Type': 'image/png' }, body });
    expect(binary.json()).toMatchObject({ isBase64Encoded: true, body: 'AP8B' });
  });
});

describe('answers of functions', () => {
  let fixture: GatewayFixture;
  const functions = {
    plain: answering(`{ statusCode: 201, headers: { 'X-One': 1, 'Content-Type': 'text/plain' }, body: 'hello' }`),
    multi: answering(
      `{ statusCode: '200', headers: { 'Set-Cookie': 'a=1' }, multiValueHeaders: { 'Set-Cookie': ['a=1', 'b=2'] } }`,
    ),
    remapped: answering(`{ statusCode: 401, headers: { 'WWW-Authenticate': 'Basic', Date: 'x' }, body: '' }`),
    binary: answering(
      `{ statusCode: 200, headers: { 'Content-Type': 'image/png' }, body: 'AP8B', isBase64Encoded: true }`,
    ),
    string: answering(`'hello'`),
    bodyObject: answering(`{ statusCode: 200, body: { a: 1 } }`),
    noStatus: answering(`{ body: 'x' }`),
    throws: 'export const handler = async () => { throw new Error("secret detail") }',
    slow: 'export const handler = async () => new Promise((r) => setTimeout(() => r({ statusCode: 200 }), 2000))',
  };
  beforeAll(async () => {
    fixture = await startGateway({
      functions,
      gatewayResponses,
      binaryMediaTypes: ['image/*'],
      methods: [
        ...Object.keys(functions).map((name) => ({
          method: 'GET',
          path: `/${name}`,
          properties: proxy(name, {}, name === 'slow' ? { TimeoutInMillis: 100 } : {}),
        })),
        { method: 'POST', path: '/plain', properties: proxy('plain') },
      ],
    });
  });
  afterAll(() => fixture.stop());

  test('come with status, headers and body', async () => {
    const answer = await fixture.call('GET', '/api/plain');
    expect([answer.status, answer.text, answer.headers.get('x-one'), answer.headers.get('content-type')]).toEqual([
      201,
      'hello',
      '1',
      'text/plain',
    ]);
  });

  test('merge both kinds of headers', async () => {
    expect((await fixture.call('GET', '/api/multi')).headers.getSetCookie()).toEqual(['a=1', 'b=2']);
  });

  test('headers that API Gateway sets itself come under another name', async () => {
    const { headers } = await fixture.call('GET', '/api/remapped');
    expect(headers.get('www-authenticate')).toBeNull();
    expect(headers.get('x-amzn-remapped-www-authenticate')).toBe('Basic');
    expect(headers.get('x-amzn-remapped-date')).toBe('x');
  });

  test('base64 is decoded for a client that accepts the type, and text for others', async () => {
    expect((await fixture.call('GET', '/api/binary', { headers: { Accept: 'image/png' } })).text).toBe(
      Buffer.from('AP8B', 'base64').toString(),
    );
    expect((await fixture.call('GET', '/api/binary')).text).toBe('AP8B');
  });

  test.each(['string', 'bodyObject', 'noStatus', 'throws'])('%s is 502, and says nothing of why', async (name) => {
    const answer = await fixture.call('GET', `/api/${name}`);
    expect(answer.status).toBe(502);
    expect(answer.json()).toMatchObject({ message: 'Internal server error', at: `/api/${name}` });
    expect(answer.text).not.toContain('secret');
  });

  test('later than the integration waits is 504, in the fallback of the 5xx', async () => {
    const answer = await fixture.call('GET', '/api/slow');
    expect([answer.status, answer.json().code, answer.json().message]).toEqual([
      504,
      'INTEGRATION_TIMEOUT',
      'Endpoint request timed out',
    ]);
  });

  test('more than 10 MB is refused before the function', async () => {
    const before = fixture.lambda.counters().plain!.invocations;
    const answer = await fixture.call('POST', '/api/plain', { body: 'x'.repeat(10 * 1024 * 1024 + 1) });
    expect([answer.status, answer.json()]).toEqual([413, { message: 'Request Too Long' }]);
    expect(fixture.lambda.counters().plain!.invocations).toBe(before);
  });
});

describe('refusals of the gateway', () => {
  let fixture: GatewayFixture;
  const start = async (options: Partial<GatewayFixtureOptions> = {}) => {
    fixture = await startGateway({
      functions: { echo: ECHO },
      gatewayResponses,
      methods: [
        { method: 'GET', path: '/v1/things', properties: proxy('echo') },
        { method: 'GET', path: '/v1/other', properties: proxy('echo') },
      ],
      ...options,
    });
  };
  afterEach(() => fixture.stop());

  test.each([
    ['GET', '/api/nothing'],
    ['POST', '/api/v1/things'],
    ['GET', '/api'],
  ])('%s %s is answered in the words of the template', async (method, path) => {
    await start();
    const answer = await fixture.call(method, path, { headers: { Origin: 'https://a.example' } });
    expect(answer.status).toBe(404);
    expect(answer.headers.get('content-type')).toBe('application/problem+json');
    expect(answer.headers.get('x-origin')).toBe('https://a.example');
    const id = answer.headers.get('x-amzn-requestid');
    expect(answer.headers.get('x-request-id')).toBe(id);
    expect(answer.json()).toEqual({
      code: 'MISSING_AUTHENTICATION_TOKEN',
      message: 'Missing Authentication Token',
      id,
      at: path,
    });
  });

  test("without a gateway response it is API Gateway's own", async () => {
    await start({ gatewayResponses: {} });
    const answer = await fixture.call('GET', '/api/nothing');
    expect([answer.status, answer.json()]).toEqual([403, { message: 'Missing Authentication Token' }]);
    expect(answer.headers.get('x-amzn-errortype')).toBe('MissingAuthenticationTokenException');
  });

  test('the fallback of the 4xx changes the words and keeps the status', async () => {
    await start({ gatewayResponses: { DEFAULT_4XX: { ResponseTemplates: { 'application/json': PROBLEM } } } });
    const answer = await fixture.call('GET', '/api/nothing');
    expect([answer.status, answer.json().code]).toEqual([403, 'MISSING_AUTHENTICATION_TOKEN']);
  });

  test('another stage is forbidden, whatever the template says', async () => {
    await start();
    const answer = await fixture.call('GET', '/other/v1/things');
    expect([answer.status, answer.json()]).toEqual([403, { message: 'Forbidden' }]);
  });

  test('the stage takes a burst, then as many as its rate, in virtual time', async () => {
    await start({
      methodSettings: [{ HttpMethod: '*', ResourcePath: '/*', ThrottlingBurstLimit: 3, ThrottlingRateLimit: 2 }],
    });
    fixture.clock.setScale(0);
    const statuses = async (count: number, path = '/api/v1/things') => {
      const all: number[] = [];
      for (let index = 0; index < count; index += 1) all.push((await fixture.call('GET', path)).status);
      return all;
    };
    expect(await statuses(5)).toEqual([200, 200, 200, 429, 429]);
    fixture.clock.advance(1000);
    expect(await statuses(3)).toEqual([200, 200, 429]);
  });

  test('a method with a setting of its own has its own tokens', async () => {
    const unlimited = { HttpMethod: '*', ResourcePath: '/*', ThrottlingBurstLimit: 100, ThrottlingRateLimit: 100 };
    const narrow = {
      HttpMethod: 'GET',
      ResourcePath: '/~1v1~1things',
      ThrottlingBurstLimit: 1,
      ThrottlingRateLimit: 1,
    };
    await start({ methodSettings: [unlimited, narrow] });
    fixture.clock.setScale(0);
    expect((await fixture.call('GET', '/api/v1/things')).status).toBe(200);
    expect((await fixture.call('GET', '/api/v1/things')).status).toBe(429);
    expect((await fixture.call('GET', '/api/v1/other')).status).toBe(200);
  });

  test('a function that Lambda throttles is 500', async () => {
    await start();
    fixture.add('echo', ECHO, { reservedConcurrency: 0 });
    expect((await fixture.call('GET', '/api/v1/things')).status).toBe(500);
  });
});

describe('a mock integration', () => {
  const allow = { 'method.response.header.Allow': true, 'method.response.header.X-Request-Id': true };
  const mock = (more: object = {}) => ({
    AuthorizationType: 'NONE',
    MethodResponses: [{ StatusCode: '405', ResponseParameters: allow }],
    Integration: {
      Type: 'MOCK',
      PassthroughBehavior: 'NEVER',
      RequestTemplates: { 'application/json': '{"statusCode":405}' },
      IntegrationResponses: [
        {
          StatusCode: '405',
          ResponseParameters: {
            'method.response.header.Allow': "'GET'",
            'method.response.header.X-Request-Id': 'context.requestId',
          },
          ResponseTemplates: { 'application/json': '{"code":"method_not_allowed","at":"$context.path"}' },
        },
      ],
      ...more,
    },
  });
  const methods = (properties: object) => [
    { method: 'GET', path: '/things', properties: proxy('echo') },
    { method: 'ANY', path: '/things', properties },
  ];

  test('answers what no method of its own takes', async () => {
    const fixture = await startGateway({ functions: { echo: ECHO }, methods: methods(mock()) });
    const answer = await fixture.call('DELETE', '/api/things');
    expect([answer.status, answer.headers.get('allow'), answer.json()]).toEqual([
      405,
      'GET',
      { code: 'method_not_allowed', at: '/api/things' },
    ]);
    expect(answer.headers.get('x-request-id')).toBe(answer.headers.get('x-amzn-requestid'));
    expect((await fixture.call('GET', '/api/things')).status).toBe(200);
    // A type without a template: refused, as AWS does with NEVER.
    const xml = await fixture.call('POST', '/api/things', { headers: { 'Content-Type': 'text/xml' }, body: '<a/>' });
    expect(xml.status).toBe(415);
    await fixture.stop();
  });

  test.each([
    ['a header that no method response declares', { MethodResponses: [{ StatusCode: '405' }] }, 'Allow'],
    ['a status that no method response declares', { MethodResponses: [] }, '405'],
  ])('%s is refused at start, as a deployment would', async (_name, more, named) => {
    await expect(startGateway({ methods: methods({ ...mock(), ...more }), functions: { echo: ECHO } })).rejects.toThrow(
      named,
    );
  });

  test('more of the template language than is emulated is refused at start', async () => {
    const properties = mock({ RequestTemplates: { 'application/json': '#set($a = 1) {"statusCode":405}' } });
    await expect(startGateway({ methods: methods(properties), functions: { echo: ECHO } })).rejects.toThrow('#set');
  });
});
