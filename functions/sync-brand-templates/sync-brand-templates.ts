import { byMember, type ChangeLog } from '../../shared/audit/change-log.ts';
import { type Now, toIso } from '../../shared/clock.ts';
import { requireConnectionOfBrand } from '../../shared/dashboard/require-brand.ts';
import { requireUsableToken } from '../../shared/dashboard/usable-token.ts';
import { type ApiResponse, answer } from '../../shared/http/response.ts';
import type { UserRequest } from '../../shared/http/user-handler.ts';
import type { ConnectionSecret } from '../../shared/secrets.ts';
import type { BrandStore } from '../../shared/store/brand-store.ts';
import type { Connection, ConnectionStore } from '../../shared/store/connection-store.ts';
import type { syncTemplates } from '../../shared/templates/sync.ts';
import { SyncedTemplates, type SyncTemplatesBody } from './schema.ts';

type Deps = {
  brands: Pick<BrandStore, 'ofOrganisation'>;
  connections: Pick<ConnectionStore, 'activeOfBrand'>;
  secretOf: (connection: Connection) => Promise<ConnectionSecret>;
  sync: ReturnType<typeof syncTemplates>;
  changes: ChangeLog;
  now: Now;
};

/** POST /whatsapp/templates/sync */
export const syncBrandTemplates =
  ({ brands, connections, secretOf, sync, changes, now }: Deps) =>
  async (request: UserRequest<SyncTemplatesBody>): Promise<ApiResponse> => {
    const { body, organisationId } = request;
    const startedAt = now();
    const found = await requireConnectionOfBrand(brands, connections, organisationId, body.brand_id);
    const connection = requireUsableToken(found);
    const { access_token: accessToken } = await secretOf(connection);
    const counts = await sync({ wabaId: connection.wabaId, accessToken });
    await changes.commit(
      {
        ...byMember(request),
        action: 'templates.synced',
        target: { type: 'connection', id: connection.connectionId },
        brandId: connection.brandId,
        before: null,
        after: counts,
      },
      [],
    );
    return answer(200, SyncedTemplates, { ...counts, synced_at: toIso(startedAt) });
  };
