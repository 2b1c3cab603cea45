import type * as z from 'zod';
import type { BrandRequest } from '../http/brand-request.ts';
import type { PageQuery } from '../http/fields.ts';
import { listPage } from '../http/list.ts';
import { pageOf } from '../http/page.ts';
import { type ApiResponse, answer } from '../http/response.ts';
import type { RecoveryStore } from '../store/recovery-store.ts';
import { RecoveryView, recoveryView } from '../views/recovery-view.ts';

export const RecoveriesPage = pageOf('RecoveriesPage', RecoveryView);

type Deps = { recoveries: Pick<RecoveryStore, 'list'>; cursorKey: () => Promise<string> };

/** GET /webhooks/recoveries */
export const listRecoveries =
  ({ recoveries, cursorKey }: Deps) =>
  async ({ brandId, query }: BrandRequest<unknown, unknown, z.output<typeof PageQuery>>): Promise<ApiResponse> => {
    const page = await listPage(
      { cursorKey, owner: brandId, resource: 'recoveries' },
      query,
      (at) => recoveries.list(brandId, at),
      recoveryView,
    );
    return answer(200, RecoveriesPage, page);
  };
