import type { APIGatewayAuthorizerResult, PolicyDocument } from 'aws-lambda';
import type { UserContext } from '../../shared/http/user-identity.ts';
import { isAtLeast, type Role } from '../../shared/roles.ts';
import { ROUTES } from '../../shared/routes.ts';
import type { Member, MemberStore } from '../../shared/store/member-store.ts';
import type { OrganisationStore } from '../../shared/store/organisation-store.ts';
import type { VerifiedToken, VerifyToken } from './verify-token.ts';

type Deps = {
  verify: VerifyToken;
  members: Pick<MemberStore, 'get'>;
  organisations: Pick<OrganisationStore, 'get'>;
};

/** API Gateway answers 401 for this very message and for no other. */
const unauthorized = () => new Error('Unauthorized');

/**
 * Access token → what its person may call. The row of the member is the authority, not the claims: a role that was
 * changed, a person who was removed and an organisation that was suspended are seen within the 60 s for which the
 * gateway keeps the answer. It serves every route, so it names every route that the role allows.
 * @throws Error('Unauthorized') for a token that is missing, not ours, changed or over; anything else (keys that cannot
 * be fetched, a table that does not answer) is a fault, and nobody gets in
 */
export const authorizeUser =
  ({ verify, members, organisations }: Deps) =>
  async (event: { methodArn: string; authorization: string | undefined }): Promise<APIGatewayAuthorizerResult> => {
    const [, text] = /^Bearer ([\w-]+\.[\w-]+\.[\w-]+)$/i.exec(event.authorization ?? '') ?? [];
    const token = text === undefined ? null : await verify(text);
    if (!token) throw unauthorized();

    const member = await memberOf(members, token);
    const organisation = member && (await organisations.get(member.organisationId));
    // Signed in, but nobody's member: 403 and not 401, or a browser would sign them in again and again.
    if (!member || organisation?.status !== 'active') {
      return { principalId: token.userId, policyDocument: policy(event.methodArn, null) };
    }
    const context: UserContext = {
      member_id: member.memberId,
      organisation_id: member.organisationId,
      role: member.role,
      email: member.email,
      expires_at: String(token.expiresAt),
    };
    return { principalId: token.userId, policyDocument: policy(event.methodArn, member.role), context };
  };

async function memberOf(members: Deps['members'], token: VerifiedToken): Promise<Member | null> {
  const member = token.memberId === null ? null : await members.get(token.memberId);
  const isThem = member?.status === 'active' && member.userId === token.userId;
  return isThem ? member : null;
}

/** @param methodArn `arn:aws:execute-api:<region>:<account>:<api>/<stage>/<METHOD>/<path>` of the request at hand */
function policy(methodArn: string, role: Role | null): PolicyDocument {
  const stageArn = methodArn.split('/').slice(0, 2).join('/');
  const resources = ROUTES.flatMap(({ auth, method, path }) =>
    auth.kind === 'user' && role !== null && isAtLeast(role, auth.role)
      ? [`${stageArn}/${method}${path.replaceAll(/\{\w+\}/g, '*')}`]
      : [],
  );
  const isAllowed = resources.length > 0;
  const Resource = isAllowed ? resources : [`${stageArn}/*`];
  const statement = { Effect: isAllowed ? 'Allow' : 'Deny', Action: 'execute-api:Invoke', Resource } as const;
  return { Version: '2012-10-17', Statement: [statement] };
}
