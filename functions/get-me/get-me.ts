import { type ApiResponse, answer } from '../../shared/http/response.ts';
import type { UserRequest } from '../../shared/http/user-handler.ts';
import type { OrganisationStore } from '../../shared/store/organisation-store.ts';
import { MeView } from './schema.ts';

/** GET /me */
export const getMe =
  (organisations: Pick<OrganisationStore, 'get'>) =>
  async ({ organisationId, memberId, email, role }: UserRequest): Promise<ApiResponse> => {
    const organisation = await organisations.get(organisationId);
    if (!organisation) throw new Error('A member belongs to an organisation that does not exist');
    return answer(200, MeView, {
      id: memberId,
      email,
      role,
      organisation: { id: organisationId, name: organisation.name },
    });
  };
