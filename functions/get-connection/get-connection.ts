import { requireConnection } from '../../shared/dashboard/require-brand.ts';
import type { ConnectionParams } from '../../shared/http/connection-fields.ts';
import { type ApiResponse, answer } from '../../shared/http/response.ts';
import type { UserRequest } from '../../shared/http/user-handler.ts';
import type { ConnectionStore } from '../../shared/store/connection-store.ts';
import type { EndpointStore } from '../../shared/store/endpoint-store.ts';
import { ConnectionDetail, connectionDetail } from '../../shared/views/connection-view.ts';

type Deps = { connections: Pick<ConnectionStore, 'ofOrganisation'>; endpoints: Pick<EndpointStore, 'get'> };

/** GET /whatsapp/connections/{id}, one that was deleted too */
export const getConnection =
  ({ connections, endpoints }: Deps) =>
  async ({ organisationId, params }: UserRequest<unknown, ConnectionParams>): Promise<ApiResponse> => {
    const connection = await requireConnection(connections, organisationId, params.id, false);
    return answer(200, ConnectionDetail, connectionDetail(connection, await endpoints.get(connection)));
  };
