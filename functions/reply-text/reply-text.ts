import type { ApiRequest } from '../../shared/http/api-handler.ts';
import type { ApiResponse } from '../../shared/http/response.ts';
import type { Reply } from '../../shared/sending/prepare-reply.ts';
import type { Outgoing } from '../../shared/sending/send-once.ts';
import type { ReplyTextBody } from './schema.ts';

type Deps = {
  sendOnce: (request: ApiRequest, prepare: () => Promise<Outgoing>) => Promise<ApiResponse>;
  prepareReply: (reply: Reply) => Promise<Outgoing>;
};

/** POST /reply/text */
export const replyText =
  ({ sendOnce, prepareReply }: Deps) =>
  (request: ApiRequest<ReplyTextBody>): Promise<ApiResponse> =>
    sendOnce(request, () => {
      const { to, body, preview_url, reply_to: replyTo, reference } = request.body;
      const text = { body, ...(preview_url === undefined ? {} : { preview_url }) };
      return prepareReply({
        brandId: request.brandId,
        mode: request.mode,
        to,
        type: 'text',
        replyTo,
        graph: { text },
        content: text,
        reference,
      });
    });
