import type { APIGatewayProxyEvent } from 'aws-lambda';
import * as z from 'zod';
import type { Now } from '../clock.ts';
import { ApiError } from '../errors.ts';
import { isAtLeast, ROLES, type Role } from '../roles.ts';
import { ROUTES } from '../routes.ts';

/** What `authorize-user` passes on; API Gateway makes a string of every value. The only source of organisation and role. */
export const UserContext = z.object({
  member_id: z.string().min(1),
  organisation_id: z.string().min(1),
  role: z.enum(ROLES),
  email: z.string().min(1),
  /** Epoch milliseconds: when the access token ends. */
  expires_at: z.string().min(1),
});
export type UserContext = z.output<typeof UserContext>;

/** A signed-in member of an organisation. */
export type UserIdentity = { memberId: string; organisationId: string; role: Role; email: string };

const NO_VALID_TOKEN = 'The request carries no valid access token.';

/**
 * Who is signed in, from the authorizer alone. Absent means refused.
 * The gateway caches the authorizer's answer for a minute, so the token's end is looked at here once more; and so is the
 * role: neither a policy that is too wide nor a route without a row opens an endpoint.
 */
export function readUser(event: APIGatewayProxyEvent, now: Now): UserIdentity {
  const context = UserContext.safeParse(event.requestContext.authorizer);
  if (!context.success) throw new ApiError('invalid_token', NO_VALID_TOKEN);
  const { member_id, organisation_id, role, email, expires_at } = context.data;
  if (Number(expires_at) <= now()) throw new ApiError('invalid_token', NO_VALID_TOKEN);
  const route = ROUTES.find(({ method, path }) => method === event.httpMethod && path === event.resource);
  if (route?.auth.kind !== 'user' || !isAtLeast(role, route.auth.role)) {
    throw new ApiError('insufficient_role', 'Your role does not include this.');
  }
  return { memberId: member_id, organisationId: organisation_id, role, email };
}
