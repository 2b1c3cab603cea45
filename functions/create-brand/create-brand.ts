import { byMember } from '../../shared/audit/change-log.ts';
import type { CreateOnce } from '../../shared/audit/create-once.ts';
import type { Now } from '../../shared/clock.ts';
import { type ApiResponse, answer } from '../../shared/http/response.ts';
import type { UserRequest } from '../../shared/http/user-handler.ts';
import { newId } from '../../shared/ids.ts';
import type { BrandStore } from '../../shared/store/brand-store.ts';
import { BrandView, brandView } from '../../shared/views/brand-view.ts';
import type { CreateBrandBody } from './schema.ts';

type Deps = { brands: Pick<BrandStore, 'inserting'>; create: CreateOnce; now: Now };

/** POST /brands */
export const createBrand =
  ({ brands, create, now }: Deps) =>
  (request: UserRequest<CreateBrandBody>): Promise<ApiResponse> =>
    create(
      request,
      async () => {
        const createdAt = now();
        const { organisationId, body } = request;
        const brand = { brandId: newId('brd', createdAt), organisationId, name: body.name, createdAt };
        return {
          change: {
            ...byMember(request),
            action: 'brand.created',
            target: { type: 'brand', id: brand.brandId },
            brandId: brand.brandId,
            before: null,
            after: brandView(brand),
          },
          writes: [brands.inserting(brand)],
          response: answer(201, BrandView, brandView(brand)),
        };
      },
      () => {
        throw new Error('The id of a new brand is taken');
      },
    );
