import type { ApiRequest } from '../../shared/http/api-handler.ts';
import type { ApiResponse } from '../../shared/http/response.ts';
import { type Reply, requireWamid } from '../../shared/sending/prepare-reply.ts';
import type { Outgoing } from '../../shared/sending/send-once.ts';
import type { MessageHistory } from '../../shared/store/message-history.ts';
import type { ReplyReactionBody } from './schema.ts';

type Deps = {
  sendOnce: (request: ApiRequest, prepare: () => Promise<Outgoing>) => Promise<ApiResponse>;
  prepareReply: (reply: Reply) => Promise<Outgoing>;
  messages: Pick<MessageHistory, 'find'>;
};

/** POST /reply/reaction. A reaction names its message by itself: Meta refuses a quote beside it (meta-cloud-api §2.1). */
export const replyReaction =
  ({ sendOnce, prepareReply, messages }: Deps) =>
  (request: ApiRequest<ReplyReactionBody>): Promise<ApiResponse> =>
    sendOnce(request, async () => {
      const { to, message_id, emoji, reference } = request.body;
      const wamid = await requireWamid({ messages }, request.brandId, message_id, '/message_id');
      const reaction = { message_id: wamid, emoji };
      return prepareReply({
        brandId: request.brandId,
        mode: request.mode,
        to,
        type: 'reaction',
        graph: { reaction },
        content: reaction,
        reference,
      });
    });
