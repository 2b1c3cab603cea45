import { byMember, type Change, type ChangeLog } from '../audit/change-log.ts';
import type { UserRequest } from '../http/user-handler.ts';
import type { ConnectionSecret } from '../secrets.ts';
import type { ConnectionSecrets } from '../store/connection-secrets.ts';
import type { Connection } from '../store/connection-store.ts';

type Deps = { secrets: Pick<ConnectionSecrets, 'read' | 'put'>; changes: ChangeLog };

/**
 * Puts a changed signing secret into the vault, and writes down who did it; what was changed is a time, never a value.
 * @param change says by identity that nothing changes
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
  await secrets.put(connection.connectionId, after);
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
  return after;
}

const timesOf = ({ rotated_at, promoted_at }: ConnectionSecret) => ({
  rotated_at: rotated_at ?? null,
  promoted_at: promoted_at ?? null,
});
