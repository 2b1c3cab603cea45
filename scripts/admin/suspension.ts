import { apiKeyStore } from '../../shared/store/api-key-store.ts';
import { brandStore } from '../../shared/store/brand-store.ts';
import type { Place } from './place.ts';

/** Indexes follow their table within a second; a key minted just before the suspension is found by the next round. */
const INDEX_DELAY_MS = 2000;

/**
 * Shuts off every key of an organisation, or lets them work again. The authorizer reads keys and not organisations: it
 * is on the way of every send. @returns how many keys were changed
 */
export async function setKeysSuspended({ client, table }: Place, organisationId: string, isSuspended: boolean) {
  const keys = apiKeyStore(client, table('api-keys'));
  const brands = brandStore(client, table('brands'));
  let changed = 0;
  for (const round of [1, 2]) {
    if (round === 2) await new Promise((resolve) => setTimeout(resolve, INDEX_DELAY_MS));
    for (const { brandId } of await brands.list(organisationId)) {
      for (const key of await keys.ofBrand(brandId)) {
        if ((key.suspendedAt !== undefined) === isSuspended) continue;
        if (await keys.setSuspended(key.keyId, isSuspended ? Date.now() : null)) changed += 1;
      }
    }
  }
  return changed;
}
