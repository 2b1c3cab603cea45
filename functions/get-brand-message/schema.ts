import type { EndpointContract } from '../../shared/http/contract.ts';
import { BrandQuery, MessageParams } from '../../shared/http/fields.ts';

import { MessageDetail } from '../../shared/views/message-view.ts';

export const contract = {
  operationId: 'brandMessages.get',
  tag: 'Deliveries and history',
  summary: 'Get a message of a brand',
  description: 'As in the external API, for one of your brands.',
  params: MessageParams,
  query: BrandQuery,
  responses: { 200: { description: 'It.', schema: MessageDetail } },
  errors: ['brand_not_found', 'message_not_found'],
} as const satisfies EndpointContract;
