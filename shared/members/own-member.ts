import { ApiError } from '../errors.ts';
import type { Member, MemberStore } from '../store/member-store.ts';
import type { OrganisationStore } from '../store/organisation-store.ts';
import type { Write } from '../store/transaction.ts';

/** A member of the organisation. @throws ApiError 404 for another's, as for one that does not exist */
export async function ownMember(
  members: Pick<MemberStore, 'get'>,
  organisationId: string,
  id: string,
): Promise<Member> {
  const member = await members.get(id);
  if (member?.organisationId === organisationId) return member;
  throw new ApiError('member_not_found', 'Your organisation has no such member.');
}

/**
 * How the count of owners changes when a member is somebody else, or gone (null). Who is only invited is not counted:
 * an organisation whose last owner left for somebody who never signs in would have none.
 */
export function ownersChanged(
  organisations: Pick<OrganisationStore, 'countingOwners'>,
  { organisationId, role, status }: Member,
  after: Member['role'] | null,
): Write[] {
  const change = Number(after === 'owner') - Number(role === 'owner');
  return status === 'active' && change !== 0
    ? [organisations.countingOwners(organisationId, change === 1 ? 1 : -1)]
    : [];
}

/** What it means that writes did not hold, the member's being the first and the count of owners the second. */
export const memberRefusal = (failed: readonly number[]): ApiError =>
  failed.includes(0)
    ? new ApiError('conflict', 'Somebody else changed the member at the same moment.')
    : new ApiError('last_owner', 'This is the last owner of the organisation.');
