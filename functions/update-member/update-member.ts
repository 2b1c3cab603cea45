import { byMember, type ChangeLog } from '../../shared/audit/change-log.ts';
import { type ApiResponse, answer } from '../../shared/http/response.ts';
import type { UserRequest } from '../../shared/http/user-handler.ts';
import { memberRefusal, ownersChanged, ownMember } from '../../shared/members/own-member.ts';
import type { MemberStore } from '../../shared/store/member-store.ts';
import type { OrganisationStore } from '../../shared/store/organisation-store.ts';
import { type MemberParams, MemberView, memberView } from '../../shared/views/member-view.ts';
import type { UpdateMemberBody } from './schema.ts';

type Deps = {
  members: Pick<MemberStore, 'get' | 'changingRole'>;
  organisations: Pick<OrganisationStore, 'countingOwners'>;
  changes: ChangeLog;
};

/** PATCH /members/{id} */
export const updateMember =
  ({ members, organisations, changes }: Deps) =>
  async (request: UserRequest<UpdateMemberBody, MemberParams>): Promise<ApiResponse> => {
    const { organisationId, params, body } = request;
    const before = await ownMember(members, organisationId, params.id);
    if (body.role !== before.role) {
      const change = {
        ...byMember(request),
        action: 'member.role_changed' as const,
        target: { type: 'member' as const, id: before.memberId },
        before: { email: before.email, role: before.role },
        after: { email: before.email, role: body.role },
      };
      const failed = await changes.commit(change, [
        members.changingRole(before, body.role),
        ...ownersChanged(organisations, before, body.role),
      ]);
      if (failed.length > 0) throw memberRefusal(failed);
    }
    return answer(200, MemberView, memberView({ ...before, role: body.role }));
  };
