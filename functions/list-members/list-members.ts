import type * as z from 'zod';
import type { PageQuery } from '../../shared/http/fields.ts';
import { listPage } from '../../shared/http/list.ts';
import { type ApiResponse, answer } from '../../shared/http/response.ts';
import type { UserRequest } from '../../shared/http/user-handler.ts';
import type { Member, MemberStore } from '../../shared/store/member-store.ts';
import { pageOfAll } from '../../shared/store/small-list.ts';
import { memberView } from '../../shared/views/member-view.ts';
import { MembersPage } from './schema.ts';

type Deps = { members: Pick<MemberStore, 'ofOrganisation'>; cursorKey: () => Promise<string> };

/** GET /members */
export const listMembers =
  ({ members, cursorKey }: Deps) =>
  async ({
    organisationId,
    query,
  }: UserRequest<unknown, unknown, z.output<typeof PageQuery>>): Promise<ApiResponse> => {
    const page = await listPage(
      { cursorKey, owner: organisationId, resource: 'members' },
      query,
      async (at) => pageOfAll(await members.ofOrganisation(organisationId), place, at),
      memberView,
    );
    return answer(200, MembersPage, page);
  };

/** Ids are hashes: by when they were invited, and by id where two were at once. */
const place = ({ invitedAt, memberId }: Member): string => `${String(invitedAt).padStart(15, '0')} ${memberId}`;
