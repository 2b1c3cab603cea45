import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Access } from './access.ts';
import type { Account } from './account.ts';
import type { Calls } from './calls.ts';
import { accessKeyIdOf } from './http.ts';
import { AwsError } from './wire.ts';

const FLUSH = /^\/restapis\/([^/]+)\/stages\/([^/]+)\/cache\/authorizers$/;

type Deps = { account: Account; access: Access; calls: Calls; flush: () => void };

/** The one call of API Gateway's control plane that we make: FlushStageAuthorizersCache. */
export const createApiGatewayControl = ({ account, access, calls, flush }: Deps) => ({
  isFor: ({ url = '' }: IncomingMessage): boolean => url.startsWith('/restapis/'),
  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = request.url ?? '';
    if (request.method !== 'DELETE' || !FLUSH.test(path))
      throw new AwsError('NotImplemented', `not emulated: ${request.method} ${path}`, 501);
    const accessKeyId = accessKeyIdOf(request);
    calls.record(access.principal(accessKeyId), 'apigateway:DELETE');
    access.authorize(accessKeyId, 'apigateway:DELETE', `arn:aws:apigateway:${account.region}::${path}`);
    flush();
    response.writeHead(202).end();
  },
});
