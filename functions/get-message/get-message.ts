import { ApiError } from '../../shared/errors.ts';
import type { ApiRequest } from '../../shared/http/api-handler.ts';
import type { MessageParams } from '../../shared/http/fields.ts';
import { type ApiResponse, answer } from '../../shared/http/response.ts';
import type { MessageHistory } from '../../shared/store/message-history.ts';
import { MessageDetail, messageDetail } from '../../shared/views/message-view.ts';

/** GET /messages/{id} */
export const getMessage =
  ({ messages }: { messages: Pick<MessageHistory, 'find'> }) =>
  async ({ brandId, params }: ApiRequest<unknown, MessageParams>): Promise<ApiResponse> => {
    const message = await messages.find(brandId, params.id);
    if (!message) throw new ApiError('message_not_found', 'The brand has no message of this id.');
    return answer(200, MessageDetail, messageDetail(message));
  };
