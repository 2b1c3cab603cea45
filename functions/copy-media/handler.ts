import { setTimeout as sleep } from 'node:timers/promises';
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { documentClient } from '../../shared/aws.ts';
import { readEnv } from '../../shared/env.ts';
import { parseJson } from '../../shared/json.ts';
import { logger } from '../../shared/logger.ts';
import { MediaCopy } from '../../shared/media/media-copy.ts';
import { mediaStorage } from '../../shared/media/media-storage.ts';
import { GRAPH_VARIABLES, graphOf } from '../../shared/meta/graph-of.ts';
import { downloadMedia } from '../../shared/meta/media-download.ts';
import { consume } from '../../shared/queue-consumer.ts';
import { secretOf } from '../../shared/secrets.ts';
import { cached } from '../../shared/store/cached.ts';
import { connectionStore } from '../../shared/store/connection-store.ts';
import { messageStore } from '../../shared/store/message-store.ts';
import { copyMedia } from './copy-media.ts';

const env = readEnv(
  'CONNECTIONS_TABLE_NAME',
  'MESSAGES_TABLE_NAME',
  'MEDIA_BUCKET_NAME',
  'MEDIA_RETENTION_DAYS',
  ...GRAPH_VARIABLES,
);
/** 100 MB at a slow 4 MB/s, within the function's own minute. */
const DOWNLOAD_TIMEOUT_MS = 25_000;

const client = documentClient();
const connections = connectionStore(client, env.CONNECTIONS_TABLE_NAME);
const copy = copyMedia({
  connectionOf: cached(connections.activeOfPhoneNumber, (found) => found !== null, Date.now),
  secretOf,
  graph: graphOf(env),
  download: (url, accessToken, maxBytes) =>
    downloadMedia(url, accessToken, env.META_GRAPH_URL, { maxBytes, timeoutMs: DOWNLOAD_TIMEOUT_MS }),
  storage: mediaStorage(env.MEDIA_BUCKET_NAME),
  messages: messageStore(client, env.MESSAGES_TABLE_NAME),
  retentionMs: env.MEDIA_RETENTION_DAYS * 24 * 60 * 60 * 1000,
  now: Date.now,
  sleep,
});

export const handler = async (event: SQSEvent): Promise<SQSBatchResponse> => {
  logger.resetKeys();
  return consume(event, async ({ body }) => {
    await copy(MediaCopy.parse(parseJson(body)));
    return 'done';
  });
};
