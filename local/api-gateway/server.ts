import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { InvocationResult } from '../lambda/lambda.ts';
import { listen } from '../ports.ts';
import type { ApiAnswer } from './answer.ts';
import { createAuthorizers } from './authorizer.ts';
import { type ApiCall, createCall } from './call.ts';
import { checkGatewayResponses, gatewayResponse } from './gateway-response.ts';
import { answerWithFunction } from './lambda-integration.ts';
import { answerMock, checkMock } from './mock-integration.ts';
import type { ApiModel } from './model.ts';
import { createRouteMatcher } from './route-matcher.ts';
import { createThrottle } from './throttle.ts';

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-execution-service-limits-table.html */
const MAX_BODY_BYTES = 10 * 1024 * 1024;

export type ApiGatewayOptions = {
  /** 0 takes any free port. */
  port: number;
  /** Several share the port; which one a request is for, its path says, as it does behind the distribution. */
  models: readonly ApiModel[];
  invoke: (functionName: string, payload: unknown) => Promise<InvocationResult>;
  /** Virtual time, epoch milliseconds. */
  now: () => number;
};

export type ApiGateway = {
  /** Origin; the stage's path comes behind it: `http://127.0.0.1:PORT`. */
  url: string;
  flushAuthorizerCache(): void;
  stop(): Promise<void>;
};

type StageCall = ApiCall & { isForStage: boolean };

/** One REST API. @throws naming whatever in it is not emulated */
function createGateway(model: ApiModel, invoke: ApiGatewayOptions['invoke'], now: () => number) {
  checkGatewayResponses(model);
  for (const method of model.methods)
    if (method.integration.type === 'mock') checkMock(method, method.integration.definition);
  const match = createRouteMatcher(model.methods);
  const takeToken = createThrottle(model.throttles, now);
  const authorizers = createAuthorizers(model, invoke, now);

  const handle = async (call: StageCall, body: Buffer | 'too-large'): Promise<ApiAnswer> => {
    if (!call.isForStage) return forbidden();
    const found = match(call.httpMethod, call.path);
    if (!found) return gatewayResponse(model, call, 'MISSING_AUTHENTICATION_TOKEN');
    call.method = found.method;
    call.pathParameters = found.pathParameters;
    if (body === 'too-large') return gatewayResponse(model, call, 'REQUEST_TOO_LARGE');
    if (!takeToken(found.method)) return gatewayResponse(model, call, 'THROTTLED');

    const { authorizer, integration } = found.method;
    if (authorizer) {
      const outcome = await authorizers.authorize(authorizer, call);
      if ('refused' in outcome) return gatewayResponse(model, call, outcome.refused, { message: outcome.message });
      call.authorizer = outcome.context;
    }
    if (integration.type === 'mock') return answerMock(model, call, integration.definition, body);
    return answerWithFunction(model, call, integration, body, invoke);
  };
  return {
    model,
    serves: ({ isForStage, httpMethod, path }: StageCall) => isForStage && match(httpMethod, path) !== undefined,
    handle,
    flush: authorizers.flush,
  };
}

/**
 * API Gateway's REST APIs on loopback.
 * @throws naming whatever in an API is not emulated
 */
export async function startApiGateway({ port, models, invoke, now }: ApiGatewayOptions): Promise<ApiGateway> {
  const gateways = models.map((model) => createGateway(model, invoke, now));

  const server = createServer(async (request, response) => {
    const receivedAt = now();
    const calls = gateways.map((gateway) => ({ ...gateway, call: createCall(request, gateway.model, receivedAt) }));
    const { model, handle, call } = calls.find((one) => one.serves(one.call)) ?? calls[0]!;
    try {
      send(response, call, await handle(call, await readBody(request)));
    } catch (error) {
      // The client went away, or the stack has a fault; neither may end the stack.
      if (response.headersSent || request.destroyed) return void response.destroy();
      console.error(`API Gateway, ${call.httpMethod} ${call.fullPath}:`, error);
      send(response, call, gatewayResponse(model, call, 'DEFAULT_5XX'));
    }
  });
  // Node's own limits would answer before API Gateway's.
  server.requestTimeout = 0;
  server.keepAliveTimeout = 60_000;
  const url = await listen(server, port);
  return {
    url,
    flushAuthorizerCache: () => {
      for (const gateway of gateways) gateway.flush();
    },
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** A path outside the stage belongs to no API; no gateway response applies. */
const forbidden = (): ApiAnswer => ({
  status: 403,
  headers: { 'Content-Type': ['application/json'], 'x-amzn-ErrorType': ['ForbiddenException'] },
  body: Buffer.from('{"message":"Forbidden"}'),
});

/** Reads to the end even what is too large, so that the client hears the answer. */
async function readBody(request: IncomingMessage): Promise<Buffer | 'too-large'> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length <= MAX_BODY_BYTES) chunks.push(chunk);
  }
  return length > MAX_BODY_BYTES ? 'too-large' : Buffer.concat(chunks);
}

function send(response: ServerResponse, call: ApiCall, { status, headers, body }: ApiAnswer): void {
  response.statusCode = status;
  response.setHeader('x-amzn-RequestId', call.requestId);
  response.setHeader('x-amz-apigw-id', call.extendedRequestId);
  for (const [name, values] of Object.entries(headers))
    response.setHeader(name, values.length === 1 ? values[0]! : values);
  // HEAD and 204 have no body; a length of it would make the client wait.
  if (status === 204 || status === 304) return void response.end();
  response.setHeader('Content-Length', body.length);
  response.end(body);
}
