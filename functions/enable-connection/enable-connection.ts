import { byMember, type ChangeLog } from '../../shared/audit/change-log.ts';
import { requireConnection } from '../../shared/dashboard/require-brand.ts';
import { ApiError } from '../../shared/errors.ts';
import type { ConnectionParams } from '../../shared/http/connection-fields.ts';
import { type ApiResponse, answer } from '../../shared/http/response.ts';
import type { UserRequest } from '../../shared/http/user-handler.ts';
import type { ConnectionStore } from '../../shared/store/connection-store.ts';
import type { EndpointStore } from '../../shared/store/endpoint-store.ts';
import { ConnectionDetail, connectionDetail } from '../../shared/views/connection-view.ts';
import type { EndpointControl } from '../../shared/webhooks/endpoint-control.ts';
import type { EnableConnectionBody } from './schema.ts';

type Deps = {
  connections: Pick<ConnectionStore, 'ofOrganisation'>;
  endpoints: Pick<EndpointStore, 'get'>;
  control: EndpointControl;
  changes: ChangeLog;
};

/** POST /whatsapp/connections/{id}/enable */
export const enableConnection =
  ({ connections, endpoints, control, changes }: Deps) =>
  async (request: UserRequest<EnableConnectionBody, ConnectionParams>): Promise<ApiResponse> => {
    const { body, params, organisationId } = request;
    const connection = await requireConnection(connections, organisationId, params.id);
    if (connection.webhookUrl === null)
      throw new ApiError('endpoint_disabled', 'The connection has no webhook URL: give it one.');
    const before = await endpoints.get(connection);
    if (before.state !== 'closed') {
      await changes.commit(
        {
          ...byMember(request),
          action: 'connection.enabled',
          target: { type: 'connection', id: connection.connectionId },
          brandId: connection.brandId,
          before: { state: before.state, reason: before.reason ?? null },
          after: { state: 'closed', recover: body.recover },
        },
        [control.enabling(before, body.recover)],
      );
    }
    return answer(200, ConnectionDetail, connectionDetail(connection, await control.release(connection)));
  };
