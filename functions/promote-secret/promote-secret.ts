import type { ChangeLog } from '../../shared/audit/change-log.ts';
import type { Now } from '../../shared/clock.ts';
import { requireConnection } from '../../shared/dashboard/require-brand.ts';
import type { ConnectionParams } from '../../shared/http/connection-fields.ts';
import { type ApiResponse, answer } from '../../shared/http/response.ts';
import type { UserRequest } from '../../shared/http/user-handler.ts';
import { changeSecret } from '../../shared/onboarding/change-secret.ts';
import type { ConnectionSecrets } from '../../shared/store/connection-secrets.ts';
import type { ConnectionStore } from '../../shared/store/connection-store.ts';
import { RotationView, rotationView } from '../../shared/views/connection-view.ts';
import { promoteSecret } from '../../shared/webhooks/secret-rotation.ts';

type Deps = {
  connections: Pick<ConnectionStore, 'ofOrganisation'>;
  secrets: Pick<ConnectionSecrets, 'read' | 'replace'>;
  changes: ChangeLog;
  now: Now;
};

/** POST /whatsapp/connections/{id}/promote-secret */
export const promoteSigningSecret =
  ({ connections, now, ...deps }: Deps) =>
  async (request: UserRequest<unknown, ConnectionParams>): Promise<ApiResponse> => {
    const connection = await requireConnection(connections, request.organisationId, request.params.id);
    const after = await changeSecret(deps, request, connection, 'connection.secret_promoted', (before) =>
      promoteSecret(before, now()),
    );
    return answer(200, RotationView, rotationView(connection, after));
  };
