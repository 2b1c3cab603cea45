import type { ApiRequest } from '../../shared/http/api-handler.ts';
import type { ApiResponse } from '../../shared/http/response.ts';
import type { Reply } from '../../shared/sending/prepare-reply.ts';
import type { Outgoing } from '../../shared/sending/send-once.ts';
import type { ReplyInteractiveBody } from './schema.ts';

type Deps = {
  sendOnce: (request: ApiRequest, prepare: () => Promise<Outgoing>) => Promise<ApiResponse>;
  prepareReply: (reply: Reply) => Promise<Outgoing>;
};

/** POST /reply/interactive */
export const replyInteractive =
  ({ sendOnce, prepareReply }: Deps) =>
  (request: ApiRequest<ReplyInteractiveBody>): Promise<ApiResponse> =>
    sendOnce(request, () => {
      const { to, interactive, reply_to: replyTo, reference } = request.body;
      return prepareReply({
        brandId: request.brandId,
        mode: request.mode,
        to,
        type: 'interactive',
        replyTo,
        graph: { interactive },
        content: interactive,
        reference,
      });
    });
