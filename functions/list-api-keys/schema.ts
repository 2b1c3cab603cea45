import type { EndpointContract } from '../../shared/http/contract.ts';
import { BrandId, PageQuery } from '../../shared/http/fields.ts';
import { pageOf } from '../../shared/http/page.ts';
import { ApiKeyView } from '../../shared/views/api-key-view.ts';

export const ApiKeysPage = pageOf('ApiKeysPage', ApiKeyView);

export const contract = {
  operationId: 'apiKeys.list',
  tag: 'API keys',
  summary: 'List API keys',
  description: 'The keys of a brand, ended ones included, newest first. No secret is in it: nobody has them any more.',
  query: PageQuery.extend({ brand_id: BrandId }),
  responses: { 200: { description: 'A page of keys.', schema: ApiKeysPage } },
  errors: ['brand_not_found', 'invalid_cursor'],
} as const satisfies EndpointContract;
