import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Access } from './access.ts';
import type { Account } from './account.ts';
import type { Calls } from './calls.ts';
import { accessKeyIdOf } from './http.ts';
import { AwsError } from './wire.ts';

const FLUSH = /^\/restapis\/([^/]+)\/stages\/([^/]+)\/cache\/authorizers$/;

/** The gateways of the stack, which start later. */
export type Gateways = { list(): { id: string; name: string }[]; flush(): void };
type Deps = { account: Account; access: Access; calls: Calls; gateways: () => Gateways | undefined };

/** The calls of API Gateway's control plane that we make: GetRestApis, FlushStageAuthorizersCache. */
export const createApiGatewayControl = ({ account, access, calls, gateways }: Deps) => ({
  isFor: ({ url = '' }: IncomingMessage): boolean => url.startsWith('/restapis'),
  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = (request.url ?? '').split('?')[0] ?? '';
    const isFlush = request.method === 'DELETE' && FLUSH.test(path);
    if (!isFlush && !(request.method === 'GET' && path === '/restapis'))
      throw new AwsError('NotImplemented', `not emulated: ${request.method} ${path}`, 501);
    const accessKeyId = accessKeyIdOf(request);
    const action = `apigateway:${request.method}`;
    calls.record(access.principal(accessKeyId), action);
    access.authorize(accessKeyId, action, `arn:aws:apigateway:${account.region}::${path}`);
    if (isFlush) {
      gateways()?.flush();
      response.writeHead(202).end();
      return;
    }
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ item: gateways()?.list() ?? [] }));
  },
});
