import { ApiError } from '../errors.ts';
import type { Brand, BrandStore } from '../store/brand-store.ts';
import type { Connection, ConnectionStore } from '../store/connection-store.ts';

/** @throws ApiError 404: another organisation's brand is none */
export async function requireBrand(
  brands: Pick<BrandStore, 'ofOrganisation'>,
  organisationId: string,
  brandId: string,
): Promise<Brand> {
  const brand = await brands.ofOrganisation(organisationId, brandId);
  if (!brand) throw new ApiError('brand_not_found', 'Your organisation has no such brand.');
  return brand;
}

/**
 * @param isActive whether one that was deleted will not do
 * @throws ApiError 404: another organisation's connection is none
 */
export async function requireConnection(
  connections: Pick<ConnectionStore, 'ofOrganisation'>,
  organisationId: string,
  connectionId: string,
  isActive = true,
): Promise<Connection> {
  const connection = await connections.ofOrganisation(organisationId, connectionId);
  if (!connection || (isActive && connection.status !== 'active'))
    throw new ApiError('connection_not_found', 'Your organisation has no such connection.');
  return connection;
}

/** The brand's number. @throws ApiError 404 where the brand is another organisation's, or has none */
export async function requireConnectionOfBrand(
  brands: Pick<BrandStore, 'ofOrganisation'>,
  connections: Pick<ConnectionStore, 'activeOfBrand'>,
  organisationId: string,
  brandId: string,
): Promise<Connection> {
  await requireBrand(brands, organisationId, brandId);
  const connection = await connections.activeOfBrand(brandId);
  if (!connection) throw new ApiError('connection_not_found', 'The brand has no active WhatsApp connection.');
  return connection;
}
