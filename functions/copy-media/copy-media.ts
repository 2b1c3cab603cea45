import type { Now } from '../../shared/clock.ts';
import { logger } from '../../shared/logger.ts';
import type { MediaCopy } from '../../shared/media/media-copy.ts';
import { mediaKey } from '../../shared/media/media-copy.ts';
import { MAX_MEDIA_BYTES, refusalOfMedia } from '../../shared/media/media-limits.ts';
import type { MediaStorage } from '../../shared/media/media-storage.ts';
import type { GraphClient } from '../../shared/meta/graph-client.ts';
import type { downloadMedia } from '../../shared/meta/media-download.ts';
import { isRetryableMetaError } from '../../shared/meta/meta-errors.ts';
import { count } from '../../shared/metrics.ts';
import type { ConnectionSecret } from '../../shared/secrets.ts';
import type { Connection } from '../../shared/store/connection-store.ts';
import type { MediaState } from '../../shared/store/message.ts';
import type { MessageStore } from '../../shared/store/message-store.ts';

/** `record-event` queues the copy just before it writes the message: pauses before it is looked for again, milliseconds. */
const LOOK_AGAIN_AFTER_MS = [100, 400, 1500];

type Deps = {
  connectionOf: (phoneNumberId: string) => Promise<Connection | null>;
  secretOf: (connection: Connection) => Promise<ConnectionSecret>;
  graph: Pick<GraphClient, 'mediaInfo'>;
  download: (url: string, accessToken: string, maxBytes: number) => ReturnType<typeof downloadMedia>;
  storage: Pick<MediaStorage, 'put'>;
  messages: Pick<MessageStore, 'recordMedia'>;
  /** How long the storage keeps a file. */
  retentionMs: number;
  now: Now;
  sleep: (ms: number) => Promise<void>;
};

/**
 * Takes the file of an inbound message into our storage, while Meta still has it: its ids live 7 days, its links five
 * minutes. May be done twice.
 * @throws when it may work later: Meta throttles or does not answer, the message is not written yet, the link has died
 */
export const copyMedia =
  (deps: Deps) =>
  async (copy: MediaCopy): Promise<void> => {
    const id = { brandId: copy.brand_id, messageId: copy.message_id };
    const state = await takeOver(deps, copy);
    await whenWritten(deps, () => deps.messages.recordMedia(id, state));
    logger.info('media.copied', { message_id: copy.message_id, state: state.state, reason: state.reason });
    count('MediaCopied', { state: state.state });
  };

/** @throws when the message is still not there: whoever was to write it has died, and will be repeated */
async function whenWritten({ sleep }: Deps, record: () => Promise<boolean>): Promise<void> {
  for (const pause of LOOK_AGAIN_AFTER_MS) {
    if (await record()) return;
    await sleep(pause);
  }
  if (!(await record())) throw new Error('The message is not written yet');
}

async function takeOver(deps: Deps, copy: MediaCopy): Promise<MediaState> {
  const connection = await deps.connectionOf(copy.phone_number_id);
  if (!connection) return refused(deps, 'no_connection');
  const { access_token: accessToken } = await deps.secretOf(connection);
  const info = await deps.graph.mediaInfo({ phoneNumberId: copy.phone_number_id, accessToken }, copy.media_id);
  if (info.kind === 'failed') throw info.cause;
  if (info.kind === 'refused') {
    if (isRetryableMetaError(info.error.code)) throw new Error(`Meta refused with ${info.error.code}`);
    return refused(deps, `whatsapp_error_${info.error.code}`);
  }
  const { url, mime_type, file_size = 0 } = info.value;
  const told = refusalOfMedia(copy.type, mime_type, file_size);
  if (told) return refused(deps, told);
  const file = await deps.download(url, accessToken, MAX_MEDIA_BYTES);
  if (file.kind === 'gone') throw new Error('The link of the file has died');
  if (file.kind === 'too_large') return refused(deps, 'too_large');
  const found = refusalOfMedia(copy.type, mime_type, file.bytes.length);
  if (found) return refused(deps, found);
  await deps.storage.put(mediaKey(copy.brand_id, copy.message_id), file.bytes, mime_type);
  const at = deps.now();
  const until = at + deps.retentionMs;
  return { state: 'stored', mimeType: mime_type, size: file.bytes.length, reason: null, at, until };
}

const refused = ({ now }: Deps, reason: string): MediaState => ({
  state: 'refused',
  mimeType: null,
  size: null,
  reason,
  at: now(),
});
