import * as z from 'zod';
import type { ChangeLog } from '../../shared/audit/change-log.ts';
import type { Now } from '../../shared/clock.ts';
import { memberId } from '../../shared/ids.ts';
import { logger } from '../../shared/logger.ts';
import type { Member, MemberStore } from '../../shared/store/member-store.ts';
import type { OrganisationStore } from '../../shared/store/organisation-store.ts';

/**
 * What Cognito asks before it signs tokens, version 2:
 * https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-pre-token-generation.html
 */
export const TokenRequest = z.looseObject({
  request: z.looseObject({
    userAttributes: z.looseObject({
      sub: z.string().min(1),
      email: z.string().optional(),
      email_verified: z.string().optional(),
    }),
  }),
});
export type TokenRequest = z.output<typeof TokenRequest>;

type Deps = {
  members: Pick<MemberStore, 'get' | 'joining'>;
  organisations: Pick<OrganisationStore, 'countingOwners'>;
  changes: ChangeLog;
  now: Now;
};

/**
 * Puts the member into the tokens of a person, for the browser and as the place where `authorize-user` looks. Who was
 * invited and signs in for the first time becomes a member here. Who is nobody's member gets tokens without it.
 */
export const addTokenClaims =
  (deps: Deps) =>
  async (event: TokenRequest, requestId: string): Promise<TokenRequest> => {
    const { sub, email = '', email_verified } = event.request.userAttributes;
    // An address that was not verified may be anybody's.
    const found = email_verified === 'true' ? await deps.members.get(memberId(email)) : null;
    const member = found?.status === 'invited' ? await joined(deps, found, sub, requestId) : found;
    if (member?.userId !== sub) return event;
    const claimsToAddOrOverride = {
      member_id: member.memberId,
      organisation_id: member.organisationId,
      role: member.role,
      email: member.email,
    };
    const claims = { claimsToAddOrOverride };
    return {
      ...event,
      response: { claimsAndScopeOverrideDetails: { accessTokenGeneration: claims, idTokenGeneration: claims } },
    };
  };

async function joined(
  { members, organisations, changes, now }: Deps,
  invited: Member,
  userId: string,
  requestId: string,
) {
  const change = {
    organisationId: invited.organisationId,
    actor: { kind: 'member' as const, id: invited.memberId, email: invited.email },
    action: 'member.joined' as const,
    target: { type: 'member' as const, id: invited.memberId },
    before: { status: 'invited' },
    after: { status: 'active' },
    requestId,
  };
  // Owners count from now on: the last one stays.
  const counted = invited.role === 'owner' ? [organisations.countingOwners(invited.organisationId, 1)] : [];
  await changes.commit(change, [members.joining(invited, userId, now()), ...counted]);
  logger.info('member.joined', { member_id: invited.memberId, organisation_id: invited.organisationId });
  // As it is now: somebody may have been faster, or have taken the invitation back.
  return members.get(invited.memberId);
}
