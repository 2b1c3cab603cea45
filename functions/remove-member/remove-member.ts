import { byMember, type ChangeLog } from '../../shared/audit/change-log.ts';
import { type ApiResponse, answer } from '../../shared/http/response.ts';
import type { UserRequest } from '../../shared/http/user-handler.ts';
import { memberRefusal, ownersChanged, ownMember } from '../../shared/members/own-member.ts';
import type { MemberStore } from '../../shared/store/member-store.ts';
import type { OrganisationStore } from '../../shared/store/organisation-store.ts';
import { type MemberParams, MemberView, memberView } from '../../shared/views/member-view.ts';

type Deps = {
  members: Pick<MemberStore, 'get' | 'removing'>;
  organisations: Pick<OrganisationStore, 'countingOwners'>;
  changes: ChangeLog;
};

/** DELETE /members/{id} */
export const removeMember =
  ({ members, organisations, changes }: Deps) =>
  async (request: UserRequest<unknown, MemberParams>): Promise<ApiResponse> => {
    const before = await ownMember(members, request.organisationId, request.params.id);
    const { email, role, status } = before;
    const change = {
      ...byMember(request),
      action: 'member.removed' as const,
      target: { type: 'member' as const, id: before.memberId },
      before: { email, role, status },
      after: null,
    };
    const failed = await changes.commit(change, [
      members.removing(before),
      ...ownersChanged(organisations, before, null),
    ]);
    if (failed.length > 0) throw memberRefusal(failed);
    return answer(200, MemberView, memberView(before));
  };
