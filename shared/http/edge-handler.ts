import middy from '@middy/core';
import type { APIGatewayProxyEvent, APIGatewayProxyResult, Context } from 'aws-lambda';
import * as z from 'zod';
import { ApiError } from '../errors.ts';
import { logger } from '../logger.ts';
import { errorResponse, PROBLEM_CONTENT_TYPE } from './error-response.ts';
import { readIdempotencyKey } from './idempotency-key.ts';
import { parseBody } from './request-body.ts';
import { parseParams, parseQuery } from './request-parameters.ts';
import { type ApiResponse, toGatewayResult } from './response.ts';

export type HttpRequest<Body = unknown, Params = unknown, Query = unknown> = {
  body: Body;
  params: Params;
  query: Query;
  requestId: string;
  /** The route's template, e.g. `/v1/whatsapp/external/send/otp`. */
  route: string;
  /** The path as the caller knows it: the `instance` of a problem document. */
  instance: string;
  idempotencyKey: string | null;
  remainingMs: () => number;
};

/** What of its contract (./contract.ts) the edge acts on. */
export type Edge<Params extends z.ZodType, Query extends z.ZodType, Body extends z.ZodType> = {
  params?: Params;
  query?: Query;
  body?: Body;
  docsUrl: string;
};

/**
 * The edge of every endpoint, written once: identity from the authorizer, path, query and body through their schemas,
 * errors into problem documents, one log line for each request.
 * @param identify who is calling; throws what refuses the request
 */
export function edgeHandler<Who, Params extends z.ZodType, Query extends z.ZodType, Body extends z.ZodType>(
  edge: Edge<Params, Query, Body>,
  identify: (event: APIGatewayProxyEvent) => Who,
  work: (request: Who & HttpRequest<z.output<Body>, z.output<Params>, z.output<Query>>) => Promise<ApiResponse>,
) {
  return middy<APIGatewayProxyEvent, APIGatewayProxyResult, Error, Context>()
    .use(requestLog())
    .use(problemDocuments(edge.docsUrl))
    .handler(async (event, context) => {
      const identity = identify(event);
      const response = await work({
        ...identity,
        params: parseParams(event, edge.params ?? NOTHING) as z.output<Params>,
        query: parseQuery(event, edge.query ?? NOTHING) as z.output<Query>,
        body: (edge.body ? parseBody(event, edge.body) : undefined) as z.output<Body>,
        requestId: event.requestContext.requestId,
        route: event.resource,
        instance: event.requestContext.path,
        idempotencyKey: readIdempotencyKey(event),
        remainingMs: () => context.getRemainingTimeInMillis(),
      });
      const isProblem = response.statusCode >= 400;
      const contentType = isProblem ? PROBLEM_CONTENT_TYPE : 'application/json';
      return toGatewayResult(response, contentType, event.requestContext.requestId);
    });
}

/** An endpoint without parameters takes none: a typo is never silently ignored. */
const NOTHING = z.strictObject({});

type Middleware = middy.MiddlewareObj<APIGatewayProxyEvent, APIGatewayProxyResult, Error, Context>;

/** Turns whatever was thrown into an answer; logs ours at error with the cause, theirs at info. */
function problemDocuments(docsUrl: string): Middleware {
  return {
    onError: (request) => {
      const { requestId, path } = request.event.requestContext;
      if (!(request.error instanceof ApiError)) logger.error('request.failed', request.error as Error);
      const response = errorResponse(request.error, { docsUrl, instance: path, requestId });
      request.response = toGatewayResult(response, PROBLEM_CONTENT_TYPE, requestId);
    },
  };
}

function requestLog(): Middleware {
  let startedAt = 0;
  const completed = (request: middy.Request<APIGatewayProxyEvent, APIGatewayProxyResult, Error, Context>) => {
    const code = request.error instanceof ApiError ? request.error.code : undefined;
    const status = request.response?.statusCode;
    logger.info('request.completed', {
      route: request.event.resource,
      status,
      code,
      duration_ms: Date.now() - startedAt,
    });
  };
  return {
    before: (request) => {
      startedAt = Date.now();
      logger.resetKeys();
      logger.appendKeys({ request_id: request.event.requestContext.requestId });
    },
    after: completed,
    onError: completed,
  };
}
