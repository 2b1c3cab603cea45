import { expect, test } from '@jest/globals';
import { copyMedia } from '../../../functions/copy-media/copy-media.ts';
import { getMessageMedia } from '../../../functions/get-message-media/get-message-media.ts';
import type { ApiRequest } from '../../../shared/http/api-handler.ts';
import type { MessageParams } from '../../../shared/http/fields.ts';
import type { MediaState, Message } from '../../../shared/store/message.ts';

const AT = Date.UTC(2026, 0, 1);
const DAY_MS = 24 * 60 * 60 * 1000;
const MESSAGE: Message = {
  brandShard: 'brd_1#0',
  messageId: 'msg_1',
  brandId: 'brd_1',
  direction: 'inbound',
  content: { media: { id: '1' } },
};

/** What copy-media writes into the message of a file that it took over. @param early how often the message is not there yet */
async function taken(early = 0): Promise<MediaState> {
  let tries = 0;
  let written: MediaState | undefined;
  const copy = copyMedia({
    connectionOf: async () => ({ secretArn: 'arn' }) as never,
    secretOf: async () => ({ access_token: 'token', signing_secrets: [] }),
    graph: {
      mediaInfo: async () => ({
        kind: 'ok',
        value: { url: 'https://meta.test/1', mime_type: 'image/jpeg', file_size: 5 },
      }),
    },
    download: async () => ({ kind: 'ok', bytes: Buffer.from('bytes') }) as never,
    storage: { put: async () => {} },
    messages: {
      recordMedia: async (_id, state) => {
        tries += 1;
        if (tries <= early) return false;
        written = state;
        return true;
      },
    },
    retentionMs: 30 * DAY_MS,
    now: () => AT,
    sleep: async () => {},
  });
  await copy({ brand_id: 'brd_1', message_id: 'msg_1', phone_number_id: '1', media_id: '1', type: 'image' });
  if (!written) throw new Error('nothing was written');
  return written;
}

test('a copy that is faster than the writing of its message waits for it, and comes again when that died', async () => {
  expect(await taken(3)).toMatchObject({ state: 'stored' });
  await expect(taken(4)).rejects.toThrow('The message is not written yet');
});

test('a file is given out until its end, and said to be gone from then on', async () => {
  const media = await taken();
  expect(media).toMatchObject({ state: 'stored', until: AT + 30 * DAY_MS });
  const ask = (now: number) =>
    getMessageMedia({
      messages: { find: async () => ({ ...MESSAGE, media }) },
      storage: { link: async () => 'https://files.test/1' },
      now: () => now,
    })({ brandId: 'brd_1', params: { id: 'msg_1' } } as ApiRequest<unknown, MessageParams>);
  expect((await ask(AT + 30 * DAY_MS - 1)).statusCode).toBe(200);
  await expect(ask(AT + 30 * DAY_MS)).rejects.toMatchObject({ code: 'media_expired' });
});
