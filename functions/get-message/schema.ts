import type { EndpointContract } from '../../shared/http/contract.ts';
import { MessageParams } from '../../shared/http/fields.ts';
import { MessageDetail } from '../../shared/views/message-view.ts';

export const contract = {
  operationId: 'messages.get',
  tag: 'History',
  summary: 'Get a message',
  description: 'One message by our id or by its wamid, with the time of every status it took.',
  params: MessageParams,
  responses: { 200: { description: 'The message.', schema: MessageDetail } },
  errors: ['message_not_found'],
} as const satisfies EndpointContract;
