import { isDeepStrictEqual } from 'node:util';
import { byMember, type ChangeLog } from '../../shared/audit/change-log.ts';
import { requireConnection } from '../../shared/dashboard/require-brand.ts';
import { ApiError } from '../../shared/errors.ts';
import type { ConnectionParams } from '../../shared/http/connection-fields.ts';
import { type ApiResponse, answer } from '../../shared/http/response.ts';
import type { UserRequest } from '../../shared/http/user-handler.ts';
import type { ConnectionStore } from '../../shared/store/connection-store.ts';
import type { EndpointStore } from '../../shared/store/endpoint-store.ts';
import { ConnectionDetail, connectionDetail, connectionSnapshot } from '../../shared/views/connection-view.ts';
import type { EndpointPolicy } from '../../shared/webhooks/endpoint-address.ts';
import type { EndpointControl } from '../../shared/webhooks/endpoint-control.ts';
import { requireEndpointUrl } from '../../shared/webhooks/require-endpoint-url.ts';
import type { UpdateConnectionBody } from './schema.ts';

type Deps = {
  connections: Pick<ConnectionStore, 'ofOrganisation' | 'changing'>;
  endpoints: Pick<EndpointStore, 'get'>;
  control: EndpointControl;
  changes: ChangeLog;
  policy: EndpointPolicy;
};

/** PATCH /whatsapp/connections/{id} */
export const updateConnection =
  ({ connections, endpoints, control, changes, policy }: Deps) =>
  async (request: UserRequest<UpdateConnectionBody, ConnectionParams>): Promise<ApiResponse> => {
    const { body, params, organisationId } = request;
    const before = await requireConnection(connections, organisationId, params.id);
    if (typeof body.webhook_url === 'string') requireEndpointUrl(body.webhook_url, policy);
    const change = {
      ...(body.webhook_url === undefined ? {} : { webhookUrl: body.webhook_url }),
      ...(body.event_types === undefined ? {} : { eventFilter: body.event_types }),
      ...(body.default_otp_template === undefined ? {} : { defaultOtpTemplate: body.default_otp_template }),
    };
    const after = { ...before, ...change };
    // Whoever changed it may have died before the release: that is done in any case.
    const shown = async () => answer(200, ConnectionDetail, connectionDetail(after, await control.release(after)));
    if (isDeepStrictEqual(after, before)) return shown();
    const isMoved = after.webhookUrl !== null && after.webhookUrl !== before.webhookUrl;
    const enabling = isMoved ? [control.enabling(await endpoints.get(before), true)] : [];
    const failed = await changes.commit(
      {
        ...byMember(request),
        action: 'connection.updated',
        target: { type: 'connection', id: before.connectionId },
        brandId: before.brandId,
        before: connectionSnapshot(before),
        after: connectionSnapshot(after),
      },
      [connections.changing(before, change), ...enabling],
    );
    if (failed.length > 0)
      throw new ApiError('connection_changed', 'Somebody changed the connection at the same time.');
    return shown();
  };
