import type { ApiRequest } from '../../shared/http/api-handler.ts';
import type { ApiResponse } from '../../shared/http/response.ts';
import type { Reply } from '../../shared/sending/prepare-reply.ts';
import type { Outgoing } from '../../shared/sending/send-once.ts';
import type { ReplyMediaBody } from './schema.ts';

type Deps = {
  sendOnce: (request: ApiRequest, prepare: () => Promise<Outgoing>) => Promise<ApiResponse>;
  prepareReply: (reply: Reply) => Promise<Outgoing>;
};

/** POST /reply/media */
export const replyMedia =
  ({ sendOnce, prepareReply }: Deps) =>
  (request: ApiRequest<ReplyMediaBody>): Promise<ApiResponse> =>
    sendOnce(request, () => {
      const { to, type, reply_to: replyTo, reference, ...rest } = request.body;
      const { kind, file } = toMeta(request.body);
      return prepareReply({
        brandId: request.brandId,
        mode: request.mode,
        to,
        type: kind,
        replyTo,
        graph: { [kind]: file },
        content: { type, ...rest },
        reference,
      });
    });

/** To Meta a voice message is an audio with a flag (meta-cloud-api §2.2). */
function toMeta({ type, link, media_id, caption, filename }: ReplyMediaBody) {
  const file = {
    ...(link === undefined ? { id: media_id } : { link }),
    ...(caption === undefined ? {} : { caption }),
    ...(filename === undefined ? {} : { filename }),
    ...(type === 'voice' ? { voice: true } : {}),
  };
  return { kind: type === 'voice' ? 'audio' : type, file };
}
