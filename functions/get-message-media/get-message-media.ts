import { type Now, toIso } from '../../shared/clock.ts';
import { ApiError } from '../../shared/errors.ts';
import type { ApiRequest } from '../../shared/http/api-handler.ts';
import type { MessageParams } from '../../shared/http/fields.ts';
import { type ApiResponse, answer } from '../../shared/http/response.ts';
import { mediaIdOf, mediaKey } from '../../shared/media/media-copy.ts';
import type { MediaStorage } from '../../shared/media/media-storage.ts';
import type { MessageHistory } from '../../shared/store/message-history.ts';
import { MediaLink } from './schema.ts';

const LINK_SECONDS = 300;

type Deps = { messages: Pick<MessageHistory, 'find'>; storage: Pick<MediaStorage, 'link'>; now: Now };

/** GET /messages/{id}/media */
export const getMessageMedia =
  ({ messages, storage, now }: Deps) =>
  async ({ brandId, params }: ApiRequest<unknown, MessageParams>): Promise<ApiResponse> => {
    const message = await messages.find(brandId, params.id);
    if (!message) throw new ApiError('message_not_found', 'The brand has no message of this id.');
    if (message.direction !== 'inbound' || mediaIdOf(message.content) === null)
      throw new ApiError('media_not_found', 'The message has no file from the person.');
    const { media } = message;
    if (!media) throw new ApiError('media_not_ready', 'The file is being taken over from WhatsApp.');
    if (media.state === 'refused')
      throw new ApiError('media_unavailable', `The file could not be taken over: ${media.reason}.`);
    // The storage deletes late: what is over is over.
    if (media.until !== undefined && media.until <= now())
      throw new ApiError('media_expired', `The file was kept until ${toIso(media.until)}.`);
    const expiresAt = now() + LINK_SECONDS * 1000;
    return answer(200, MediaLink, {
      url: await storage.link(mediaKey(brandId, message.messageId), LINK_SECONDS),
      expires_at: toIso(expiresAt),
      mime_type: media.mimeType ?? 'application/octet-stream',
      size: media.size ?? 0,
    });
  };
