import { byMember, type ChangeLog } from '../../shared/audit/change-log.ts';
import { ApiError } from '../../shared/errors.ts';
import { type ApiResponse, answer } from '../../shared/http/response.ts';
import type { UserRequest } from '../../shared/http/user-handler.ts';
import type { BrandStore } from '../../shared/store/brand-store.ts';
import { type BrandParams, BrandView, brandView } from '../../shared/views/brand-view.ts';
import type { UpdateBrandBody } from './schema.ts';

type Deps = { brands: Pick<BrandStore, 'ofOrganisation' | 'renaming'>; changes: ChangeLog };

/** PATCH /brands/{id} */
export const updateBrand =
  ({ brands, changes }: Deps) =>
  async (request: UserRequest<UpdateBrandBody, BrandParams>): Promise<ApiResponse> => {
    const { organisationId, params, body } = request;
    const before = await brands.ofOrganisation(organisationId, params.id);
    if (!before) throw new ApiError('brand_not_found', 'Your organisation has no such brand.');
    const after = { ...before, name: body.name };
    if (after.name !== before.name) {
      const change = {
        ...byMember(request),
        action: 'brand.updated' as const,
        target: { type: 'brand' as const, id: before.brandId },
        brandId: before.brandId,
        before: { name: before.name },
        after: { name: after.name },
      };
      const failed = await changes.commit(change, [brands.renaming(before, after.name)]);
      if (failed.length > 0) throw new ApiError('conflict', 'Somebody else changed the brand at the same moment.');
    }
    return answer(200, BrandView, brandView(after));
  };
