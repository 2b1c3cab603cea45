import { byMember, type ChangeLog } from '../../shared/audit/change-log.ts';
import type { Now } from '../../shared/clock.ts';
import { requireConnection } from '../../shared/dashboard/require-brand.ts';
import type { ConnectionParams } from '../../shared/http/connection-fields.ts';
import { type ApiResponse, answer } from '../../shared/http/response.ts';
import type { UserRequest } from '../../shared/http/user-handler.ts';
import type { AccountCalls } from '../../shared/meta/account-calls.ts';
import { requireOk } from '../../shared/meta/call-outcome.ts';
import { isDeadToken } from '../../shared/meta/meta-errors.ts';
import { stepReport } from '../../shared/onboarding/steps.ts';
import type { ClaimStore } from '../../shared/store/claim-store.ts';
import type { ConnectionSecrets } from '../../shared/store/connection-secrets.ts';
import type { Connection, ConnectionStore } from '../../shared/store/connection-store.ts';
import { connectionSnapshot, connectionView } from '../../shared/views/connection-view.ts';
import { DeletedConnection } from './schema.ts';

const STEPS = ['connection_disconnected', 'app_unsubscribed', 'secret_deleted'] as const;

type Deps = {
  connections: Pick<ConnectionStore, 'ofOrganisation' | 'disconnecting' | 'noteDisconnected' | 'activesOfWaba'>;
  claims: Pick<ClaimStore, 'releasing'>;
  secrets: Pick<ConnectionSecrets, 'read' | 'scheduleDeletion'>;
  accounts: Pick<AccountCalls, 'subscribe' | 'unsubscribe'>;
  changes: ChangeLog;
  now: Now;
};

/**
 * DELETE /whatsapp/connections/{id}. From its first step on nobody uses it; what was not reached after that is done when
 * it is asked for again. Somebody may connect the number again meanwhile, and finds what is not taken away yet: nothing is
 * taken from a connection that is active.
 */
export const deleteConnection =
  (deps: Deps) =>
  async (request: UserRequest<unknown, ConnectionParams>): Promise<ApiResponse> => {
    const before = await requireConnection(deps.connections, request.organisationId, request.params.id, false);
    const report = stepReport(STEPS);
    const after = await report.step('connection_disconnected', () => disconnect(deps, request, before));
    await report.optional('app_unsubscribed', () => unsubscribe(deps, after));
    await report.step('secret_deleted', async () => {
      if (!(await deps.connections.noteDisconnected(after, deps.now()))) return CONNECTED_AGAIN;
      await deps.secrets.scheduleDeletion(after.connectionId);
      return { value: undefined, detail: 'It is kept for a week, for nobody to use.' };
    });
    return answer(200, DeletedConnection, { ...connectionView(after), steps: report.list() });
  };

const CONNECTED_AGAIN = { value: undefined, detail: 'The number was connected again meanwhile.', isSkipped: true };

async function disconnect(
  { connections, claims, changes, now }: Deps,
  request: UserRequest<unknown, ConnectionParams>,
  before: Connection,
) {
  if (before.status === 'disconnected') return { value: before, detail: 'It was so before.', isSkipped: true };
  const after: Connection = { ...before, status: 'disconnected', disconnectedAt: now(), onboardedAt: undefined };
  await changes.commit(
    {
      ...byMember(request),
      action: 'connection.deleted',
      target: { type: 'connection', id: before.connectionId },
      brandId: before.brandId,
      before: connectionSnapshot(before),
      after: connectionSnapshot(after),
    },
    [connections.disconnecting(before, after.disconnectedAt ?? 0), ...claims.releasing(before)],
  );
  return { value: after, detail: null };
}

/** The app hears of an account as long as one of its numbers is connected. */
async function unsubscribe({ connections, secrets, accounts, now }: Deps, connection: Connection) {
  const { wabaId, connectionId } = connection;
  if ((await connections.activesOfWaba(wabaId)).length > 0)
    return { value: undefined, detail: 'A number of the account is connected.', isSkipped: true };
  const secret = await secrets.read(connectionId);
  if (!secret) return { value: undefined, detail: 'The token is gone already.', isSkipped: true };
  const outcome = await accounts.unsubscribe(wabaId, secret.value.access_token);
  if (!(await connections.noteDisconnected(connection, now()))) {
    // By somebody who found our app subscribed still.
    const { value } = (await secrets.read(connectionId)) ?? secret;
    requireOk(await accounts.subscribe(wabaId, value.access_token));
    return CONNECTED_AGAIN;
  }
  if (outcome.kind === 'refused' && isDeadToken(outcome.error))
    return {
      value: undefined,
      detail: 'Meta takes the token no more: remove our app in Meta Business Suite.',
      isSkipped: true,
    };
  requireOk(outcome);
  return { value: undefined, detail: 'Our app hears no more of the account.' };
}
