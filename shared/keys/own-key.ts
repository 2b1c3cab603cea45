import { ApiError } from '../errors.ts';
import type { ApiKey, ApiKeyStore } from '../store/api-key-store.ts';
import type { BrandStore } from '../store/brand-store.ts';

export type KeyDeps = { keys: Pick<ApiKeyStore, 'get'>; brands: Pick<BrandStore, 'ofOrganisation'> };

/** A key of one of the organisation's brands. @throws ApiError 404 for another's, as for one that does not exist */
export async function ownKey(
  { keys, brands }: KeyDeps,
  organisationId: string,
  keyId: string,
): Promise<ApiKey & { brandId: string }> {
  const key = await keys.get(keyId);
  const brandId = key?.brandId;
  const brand = brandId === undefined ? null : await brands.ofOrganisation(organisationId, brandId);
  if (!key || !brand) throw new ApiError('api_key_not_found', 'Your organisation has no such API key.');
  return { ...key, brandId: brand.brandId };
}
