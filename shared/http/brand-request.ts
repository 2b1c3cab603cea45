import { ApiError } from '../errors.ts';
import type { BrandStore } from '../store/brand-store.ts';
import type { HttpRequest } from './edge-handler.ts';
import type { ApiResponse } from './response.ts';
import type { UserRequest } from './user-handler.ts';

/** What both planes ask for a brand: the external API for the brand of the key, the dashboard for one of the person's. */
export type BrandRequest<Body = unknown, Params = unknown, Query = unknown> = { brandId: string } & HttpRequest<
  Body,
  Params,
  Query
>;

type Brands = Pick<BrandStore, 'ofOrganisation'>;
type Scoped = { brand_id: string };

/** @throws ApiError 404 for a brand of somebody else, as for one that does not exist */
export async function requireBrand(
  brands: Brands,
  { organisationId }: Pick<UserRequest, 'organisationId'>,
  id: string,
): Promise<void> {
  if (!(await brands.ofOrganisation(organisationId, id))) {
    throw new ApiError('brand_not_found', 'Your organisation has no such brand.');
  }
}

/** Work for a brand that is named in the query, if it is one of the person's organisation. */
export const ofBrand =
  <Body, Params, Query>(
    brands: Brands,
    work: (request: UserRequest & BrandRequest<Body, Params, Query>) => Promise<ApiResponse>,
  ) =>
  async (request: UserRequest<Body, Params, Query & Scoped>): Promise<ApiResponse> => {
    const { brand_id, ...query } = request.query;
    await requireBrand(brands, request, brand_id);
    return work({ ...request, brandId: brand_id, query: query as Query });
  };

/** The same, named in the body. */
export const ofBrandInBody =
  <Body, Params, Query>(
    brands: Brands,
    work: (request: UserRequest & BrandRequest<Body, Params, Query>) => Promise<ApiResponse>,
  ) =>
  async (request: UserRequest<Body & Scoped, Params, Query>): Promise<ApiResponse> => {
    const { brand_id, ...body } = request.body;
    await requireBrand(brands, request, brand_id);
    return work({ ...request, brandId: brand_id, body: body as Body });
  };
