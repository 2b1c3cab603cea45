import type { APIGatewayProxyEvent, APIGatewayProxyResult, Context } from 'aws-lambda';
import type * as z from 'zod';
import { logger } from '../logger.ts';
import { type Edge, edgeHandler, type HttpRequest } from './edge-handler.ts';
import { type Identity, readIdentity } from './identity.ts';
import type { ApiResponse } from './response.ts';

export type ApiRequest<Body = unknown, Params = unknown, Query = unknown> = Identity & HttpRequest<Body, Params, Query>;

/** The edge of every external endpoint: the API key's brand, from the authorizer. Whether it may do this thing is for the work. */
export function apiHandler<Params extends z.ZodType, Query extends z.ZodType, Body extends z.ZodType>(
  edge: Edge<Params, Query, Body> & {
    /** `false`: also for a key without a brand. @default true */
    needsBrand?: boolean;
  },
  work: (request: ApiRequest<z.output<Body>, z.output<Params>, z.output<Query>>) => Promise<ApiResponse>,
): (event: APIGatewayProxyEvent, context: Context) => Promise<APIGatewayProxyResult> {
  const identify = (event: APIGatewayProxyEvent): Identity => {
    const identity = readIdentity(event, Date.now, edge.needsBrand ?? true);
    logger.appendKeys({ brand_id: identity.brandId, key_id: identity.keyId });
    return identity;
  };
  return edgeHandler(edge, identify, work);
}
