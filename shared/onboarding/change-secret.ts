import { byMember, type Change, type ChangeLog } from '../audit/change-log.ts';
import { ApiError } from '../errors.ts';
import type { UserRequest } from '../http/user-handler.ts';
import type { ConnectionSecret } from '../secrets.ts';
import type { ConnectionSecrets } from '../store/connection-secrets.ts';
import type { Connection } from '../store/connection-store.ts';

type Deps = { secrets: Pick<ConnectionSecrets, 'read' | 'replace'>; changes: ChangeLog };

/**
 * Puts a changed signing secret into the vault, and writes down who did it; what was changed is a time, never a value.
 * The vault has no part in a transaction: the line comes first, so that there may be one too many, and never one too few.
 * @param change says by identity that nothing changes
 * @throws ApiError connection_changed when somebody else changed the secret at the same time
 */
export async function changeSecret(
  { secrets, changes }: Deps,
  request: UserRequest,
  connection: Connection,
  action: Extract<Change['action'], `connection.secret_${string}`>,
  change: (before: ConnectionSecret) => ConnectionSecret,
): Promise<ConnectionSecret> {
  const found = await secrets.read(connection.connectionId);
  if (!found) throw new Error('An active connection has no secret');
  const after = change(found.value);
  if (after === found.value) return after;
  await changes.commit(
    {
      ...byMember(request),
      action,
      target: { type: 'connection', id: connection.connectionId },
      brandId: connection.brandId,
      before: timesOf(found.value),
      after: timesOf(after),
    },
    [],
  );
  if (!(await secrets.replace(connection.connectionId, found, after)))
    throw new ApiError('connection_changed', 'Somebody changed the secrets of the connection at the same time.');
  return after;
}

const timesOf = ({ rotated_at, promoted_at }: ConnectionSecret) => ({
  rotated_at: rotated_at ?? null,
  promoted_at: promoted_at ?? null,
});
