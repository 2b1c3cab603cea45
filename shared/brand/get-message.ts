import { ApiError } from '../errors.ts';
import type { BrandRequest } from '../http/brand-request.ts';
import type { MessageParams } from '../http/fields.ts';
import { type ApiResponse, answer } from '../http/response.ts';
import type { MessageHistory } from '../store/message-history.ts';
import { MessageDetail, messageDetail } from '../views/message-view.ts';

/** GET /messages/{id} */
export const getMessage =
  ({ messages }: { messages: Pick<MessageHistory, 'find'> }) =>
  async ({ brandId, params }: BrandRequest<unknown, MessageParams>): Promise<ApiResponse> => {
    const message = await messages.find(brandId, params.id);
    if (!message) throw new ApiError('message_not_found', 'The brand has no message of this id.');
    return answer(200, MessageDetail, messageDetail(message));
  };
