import type * as z from 'zod';
import type { Now } from '../../shared/clock.ts';
import type { BrandRequest } from '../../shared/http/brand-request.ts';
import type { PageQuery } from '../../shared/http/fields.ts';
import { listPage } from '../../shared/http/list.ts';
import { type ApiResponse, answer } from '../../shared/http/response.ts';
import type { ApiKey, ApiKeyStore } from '../../shared/store/api-key-store.ts';
import { pageOfAll } from '../../shared/store/small-list.ts';
import { apiKeyView } from '../../shared/views/api-key-view.ts';
import { ApiKeysPage } from './schema.ts';

type Deps = { keys: Pick<ApiKeyStore, 'ofBrand'>; cursorKey: () => Promise<string>; now: Now };

/** GET /api-keys */
export const listApiKeys =
  ({ keys, cursorKey, now }: Deps) =>
  async ({ brandId, query }: BrandRequest<unknown, unknown, z.output<typeof PageQuery>>): Promise<ApiResponse> => {
    const page = await listPage(
      { cursorKey, owner: brandId, resource: 'api-keys' },
      query,
      async (at) => pageOfAll(await keys.ofBrand(brandId), place, at),
      (key) => apiKeyView(key, now()),
    );
    return answer(200, ApiKeysPage, page);
  };

/** Ids are random: by age, and by id where two were minted in one millisecond. */
const place = ({ createdAt, keyId }: ApiKey): string => `${String(createdAt).padStart(15, '0')} ${keyId}`;
