import type { ActOnce } from '../../shared/audit/act-once.ts';
import type { ChangeLog } from '../../shared/audit/change-log.ts';
import type { Now } from '../../shared/clock.ts';
import { requireConnection } from '../../shared/dashboard/require-brand.ts';
import type { ConnectionParams } from '../../shared/http/connection-fields.ts';
import { type ApiResponse, answer } from '../../shared/http/response.ts';
import type { UserRequest } from '../../shared/http/user-handler.ts';
import { changeSecret } from '../../shared/onboarding/change-secret.ts';
import type { ConnectionSecrets } from '../../shared/store/connection-secrets.ts';
import type { ConnectionStore } from '../../shared/store/connection-store.ts';
import { rotationView } from '../../shared/views/connection-view.ts';
import { newSigningSecret, rotateSecret } from '../../shared/webhooks/secret-rotation.ts';
import { RotatedSecret } from './schema.ts';

type Deps = {
  connections: Pick<ConnectionStore, 'ofOrganisation'>;
  secrets: Pick<ConnectionSecrets, 'read' | 'replace'>;
  changes: ChangeLog;
  once: ActOnce;
  now: Now;
};

/** POST /whatsapp/connections/{id}/rotate-secret */
export const rotateSigningSecret =
  ({ connections, once, now, ...deps }: Deps) =>
  async (request: UserRequest<unknown, ConnectionParams>): Promise<ApiResponse> => {
    const connection = await requireConnection(connections, request.organisationId, request.params.id);
    return once(request, async () => {
      const secret = newSigningSecret();
      const after = await changeSecret(deps, request, connection, 'connection.secret_rotated', (before) =>
        rotateSecret(before, secret, now()),
      );
      const shown = rotationView(connection, after);
      return { response: answer(200, RotatedSecret, { ...shown, secret }), kept: { ...shown, secret: null } };
    });
  };
