import type * as z from 'zod';
import type { PageQuery } from '../../shared/http/fields.ts';
import { listPage } from '../../shared/http/list.ts';
import { type ApiResponse, answer } from '../../shared/http/response.ts';
import type { UserRequest } from '../../shared/http/user-handler.ts';
import type { BrandStore } from '../../shared/store/brand-store.ts';
import { pageOfAll } from '../../shared/store/small-list.ts';
import { brandView } from '../../shared/views/brand-view.ts';
import { BrandsPage } from './schema.ts';

type Deps = { brands: Pick<BrandStore, 'list'>; cursorKey: () => Promise<string> };

/** GET /brands */
export const listBrands =
  ({ brands, cursorKey }: Deps) =>
  async ({
    organisationId,
    query,
  }: UserRequest<unknown, unknown, z.output<typeof PageQuery>>): Promise<ApiResponse> => {
    const page = await listPage(
      { cursorKey, owner: organisationId, resource: 'brands' },
      query,
      async (at) => pageOfAll(await brands.list(organisationId), ({ brandId }) => brandId, at),
      brandView,
    );
    return answer(200, BrandsPage, page);
  };
