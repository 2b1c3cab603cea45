import type * as z from 'zod';
import type { EndpointContract } from '../../shared/http/contract.ts';
import { BrandId, PageQuery } from '../../shared/http/fields.ts';
import { pageOf } from '../../shared/http/page.ts';
import { ConnectionView } from '../../shared/views/connection-view.ts';

export const ListConnectionsQuery = PageQuery.extend({ brand_id: BrandId });
export type ListConnectionsQuery = z.output<typeof ListConnectionsQuery>;
export const ConnectionPage = pageOf('ConnectionPage', ConnectionView);

export const contract = {
  operationId: 'connections.list',
  tag: 'Connections',
  summary: "List a brand's connections",
  description: 'The one it has, and those it had.',
  query: ListConnectionsQuery,
  responses: { 200: { description: 'A page.', schema: ConnectionPage } },
  errors: ['brand_not_found', 'invalid_cursor'],
} as const satisfies EndpointContract;
