import type { APIGatewayProxyEvent } from 'aws-lambda';
import type * as z from 'zod';
import { logger } from '../logger.ts';
import { type Edge, edgeHandler, type HttpRequest } from './edge-handler.ts';
import type { ApiResponse } from './response.ts';
import { readUser, type UserIdentity } from './user-identity.ts';

export type UserRequest<Body = unknown, Params = unknown, Query = unknown> = UserIdentity &
  HttpRequest<Body, Params, Query>;

/** The edge of every endpoint for people: organisation and role from the authorizer, the role held against the route's. */
export function userHandler<Params extends z.ZodType, Query extends z.ZodType, Body extends z.ZodType>(
  edge: Edge<Params, Query, Body>,
  work: (request: UserRequest<z.output<Body>, z.output<Params>, z.output<Query>>) => Promise<ApiResponse>,
) {
  const identify = (event: APIGatewayProxyEvent): UserIdentity => {
    const user = readUser(event, Date.now);
    logger.appendKeys({ organisation_id: user.organisationId, member_id: user.memberId });
    return user;
  };
  return edgeHandler(edge, identify, work);
}
