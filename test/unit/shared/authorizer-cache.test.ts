import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { flushAuthorizerCache, restApiIds } from '../../../shared/authorizer-cache.ts';

const seen: string[] = [];
const server = createServer(({ method, url, headers }, response) => {
  seen.push(
    `${method} ${url} ${/^AWS4-HMAC-SHA256 Credential=(\w+)\/\d+\/([\w-]+\/\w+)/
      .exec(headers.authorization ?? '')
      ?.slice(1)
      .join(' ')}`,
  );
  if (method === 'GET') response.writeHead(200).end('{"item":[{"id":"abc","name":"quixess-dev-api","version":"1"}]}');
  else response.writeHead(url?.includes('/abc/') ? 202 : 404).end();
});
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  process.env.AWS_ENDPOINT_URL = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  delete process.env.AWS_ENDPOINT_URL;
  server.close();
  server.closeAllConnections();
});

const client = {
  config: {
    credentials: async () => ({ accessKeyId: 'AKID', secretAccessKey: 'secret', sessionToken: 'session' }),
    region: async () => 'eu-central-1',
  },
};

test('finds a gateway by its name and makes it forget, signed for API Gateway', async () => {
  const id = (await restApiIds(client)).get('quixess-dev-api') ?? '';
  await flushAuthorizerCache(client, id, 'api');
  expect(seen).toEqual([
    'GET /restapis?limit=500 AKID eu-central-1/apigateway',
    'DELETE /restapis/abc/stages/api/cache/authorizers AKID eu-central-1/apigateway',
  ]);
});

test('says so when API Gateway does not accept it', async () => {
  await expect(flushAuthorizerCache(client, 'other', 'api')).rejects.toThrow('API Gateway answered 404');
});
