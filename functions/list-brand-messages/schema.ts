import { MessagesPage, MessagesQuery } from '../../shared/brand/list-messages.ts';
import type { EndpointContract } from '../../shared/http/contract.ts';
import { BrandId } from '../../shared/http/fields.ts';

export const contract = {
  operationId: 'brandMessages.list',
  tag: 'Deliveries and history',
  summary: 'List messages of a brand',
  description: 'As `GET /messages` of the external API, for one of your brands.',

  query: MessagesQuery.extend({ brand_id: BrandId }),
  responses: { 200: { description: 'A page.', schema: MessagesPage } },
  errors: ['brand_not_found', 'invalid_cursor'],
} as const satisfies EndpointContract;
