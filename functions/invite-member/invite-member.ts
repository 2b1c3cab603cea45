import { byMember } from '../../shared/audit/change-log.ts';
import type { CreateOnce } from '../../shared/audit/create-once.ts';
import type { Now } from '../../shared/clock.ts';
import { ApiError } from '../../shared/errors.ts';
import { type ApiResponse, answer } from '../../shared/http/response.ts';
import type { UserRequest } from '../../shared/http/user-handler.ts';
import { memberId } from '../../shared/ids.ts';
import type { Member, MemberStore } from '../../shared/store/member-store.ts';
import { MemberView, memberView } from '../../shared/views/member-view.ts';
import type { InviteMemberBody } from './schema.ts';

type Deps = { members: Pick<MemberStore, 'inserting'>; create: CreateOnce; now: Now };

/** POST /members */
export const inviteMember =
  ({ members, create, now }: Deps) =>
  (request: UserRequest<InviteMemberBody>): Promise<ApiResponse> =>
    create(
      request,
      async () => {
        const { email, role } = request.body;
        const member: Member = {
          ...{ memberId: memberId(email), organisationId: request.organisationId, email, role },
          ...{ status: 'invited', userId: null, invitedAt: now(), joinedAt: null },
        };
        return {
          change: {
            ...byMember(request),
            action: 'member.invited',
            target: { type: 'member', id: member.memberId },
            before: null,
            after: { email, role },
          },
          writes: [members.inserting(member)],
          response: answer(201, MemberView, memberView(member)),
        };
      },
      () => new ApiError('member_exists', 'Somebody with this address is a member already, or is invited.'),
    );
