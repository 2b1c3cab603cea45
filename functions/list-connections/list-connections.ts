import { requireBrand } from '../../shared/dashboard/require-brand.ts';
import { listPage } from '../../shared/http/list.ts';
import { type ApiResponse, answer } from '../../shared/http/response.ts';
import type { UserRequest } from '../../shared/http/user-handler.ts';
import type { BrandStore } from '../../shared/store/brand-store.ts';
import type { Connection, ConnectionStore } from '../../shared/store/connection-store.ts';
import { pageOfAll } from '../../shared/store/small-list.ts';
import { connectionView } from '../../shared/views/connection-view.ts';
import { ConnectionPage, type ListConnectionsQuery } from './schema.ts';

type Deps = {
  brands: Pick<BrandStore, 'ofOrganisation'>;
  connections: Pick<ConnectionStore, 'allOfBrand'>;
  cursorKey: () => Promise<string>;
};

/** GET /whatsapp/connections */
export const listConnections =
  ({ brands, connections, cursorKey }: Deps) =>
  async ({ query, organisationId }: UserRequest<unknown, unknown, ListConnectionsQuery>): Promise<ApiResponse> => {
    const { brandId } = await requireBrand(brands, organisationId, query.brand_id);
    const all = await connections.allOfBrand(brandId);
    const page = await listPage(
      { cursorKey, owner: organisationId, resource: 'connections' },
      query,
      async (place) => pageOfAll(all, byTime, place),
      connectionView,
    );
    return answer(200, ConnectionPage, page);
  };

/** The one that is active first, whatever its age. */
const byTime = ({ status, createdAt, connectionId }: Connection): string =>
  `${status === 'active' ? 1 : 0} ${String(createdAt).padStart(15, '0')} ${connectionId}`;
