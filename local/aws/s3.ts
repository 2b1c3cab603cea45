import { createHash, randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { DatabaseSync } from 'node:sqlite';
import * as z from 'zod';
import type { Clock } from '../clock.ts';
import type { Access } from './access.ts';
import type { Calls } from './calls.ts';
import { AwsError } from './wire.ts';

type Deps = { database: DatabaseSync; clock: Pick<Clock, 'now'>; access: Access; calls: Calls };

const DAY_MS = 24 * 60 * 60 * 1000;
/** Meta's largest file. */
const MAX_OBJECT_BYTES = 101 * 1024 * 1024;
const Row = z.object({ content_type: z.string(), bytes: z.instanceof(Uint8Array) });

/**
 * The part of S3 that we use: put and get of single objects by path-style addresses, with a header or by a presigned
 * link. Signatures are not checked, for there is no secret; a link's expiry and its maker's grants are.
 */
export function createS3({ database, clock, access, calls }: Deps) {
  database.exec(
    'CREATE TABLE IF NOT EXISTS s3_objects (bucket TEXT, key TEXT, content_type TEXT, bytes BLOB, PRIMARY KEY (bucket, key))',
  );
  // Beside the objects: state folders of older versions have those already.
  database.exec('CREATE TABLE IF NOT EXISTS s3_written (bucket TEXT, key TEXT, at REAL, PRIMARY KEY (bucket, key))');
  const written = database.prepare('INSERT OR REPLACE INTO s3_written VALUES (?, ?, ?)');
  const writtenAt = database.prepare('SELECT at FROM s3_written WHERE bucket = ? AND key = ?');
  const expirationDays = new Map<string, number>();
  /** Whether a lifecycle rule has taken it: on AWS at the next midnight, here to the second. */
  const isExpired = (bucket: string, key: string): boolean => {
    const days = expirationDays.get(bucket);
    const row = writtenAt.get(bucket, key);
    return days !== undefined && row !== undefined && Number(row.at) + days * DAY_MS <= clock.now();
  };
  const insert = database.prepare('INSERT OR REPLACE INTO s3_objects VALUES (?, ?, ?, ?)');
  const select = database.prepare('SELECT content_type, bytes FROM s3_objects WHERE bucket = ? AND key = ?');

  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const url = new URL(request.url ?? '/', 'http://127.0.0.1');
    const [, bucket = '', ...rest] = url.pathname.split('/').map(decodeURIComponent);
    const key = rest.join('/');
    const accessKeyId = callerOf(request, url, clock.now());
    const operation = { PUT: 'PutObject', GET: 'GetObject' }[request.method ?? ''];
    if (!operation || key === '')
      throw new AwsError('NotImplemented', `not emulated: ${request.method} ${url.pathname}`, 501);
    calls.record(access.principal(accessKeyId), `s3:${operation}`);
    try {
      access.authorize(accessKeyId, `s3:${operation}`, `arn:aws:s3:::${bucket}/${key}`);
    } catch (error) {
      if (error instanceof AwsError) throw new AwsError('AccessDenied', error.message, 403);
      throw error;
    }
    if (operation === 'PutObject') {
      const bytes = await readAll(request);
      written.run(bucket, key, clock.now());
      insert.run(bucket, key, request.headers['content-type'] ?? 'application/octet-stream', bytes);
      response.writeHead(200, { etag: `"${createHash('md5').update(bytes).digest('hex')}"` }).end();
      return;
    }
    const row = select.get(bucket, key);
    if (!row || isExpired(bucket, key)) throw new AwsError('NoSuchKey', 'The specified key does not exist.', 404);
    const { content_type, bytes } = Row.parse(row);
    const disposition = url.searchParams.get('response-content-disposition');
    response
      .writeHead(200, {
        'content-type': content_type,
        'content-length': bytes.length,
        ...(disposition === null ? {} : { 'content-disposition': disposition }),
      })
      .end(bytes);
  };

  return {
    /** Lifecycle of a bucket. */
    expireAfter: (bucket: string, days: number): void => void expirationDays.set(bucket, days),
    /** S3 alone is called without the header that names an operation. */
    isFor: (request: IncomingMessage): boolean => request.headers['x-amz-target'] === undefined,
    async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
      try {
        await handle(request, response);
      } catch (error) {
        if (!(error instanceof AwsError)) throw error;
        const body = `<?xml version="1.0" encoding="UTF-8"?><Error><Code>${error.code}</Code><Message>${error.message}</Message><RequestId>${randomUUID()}</RequestId></Error>`;
        response.writeHead(error.status, { 'content-type': 'application/xml' }).end(body);
      }
    },
  };
}

/** From the header, or from a presigned link that has not expired. */
function callerOf(request: IncomingMessage, url: URL, nowMs: number): string {
  const header = /Credential=([^/,\s]+)\//.exec(request.headers.authorization ?? '')?.[1];
  if (header !== undefined) return header;
  const id = url.searchParams.get('X-Amz-Credential')?.split('/')[0];
  if (id === undefined) throw new AwsError('AccessDenied', 'Access Denied', 403);
  const signedAt = url.searchParams
    .get('X-Amz-Date')
    ?.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z');
  const expiresAt = Date.parse(signedAt ?? '') + Number(url.searchParams.get('X-Amz-Expires')) * 1000;
  if (!(expiresAt > nowMs)) throw new AwsError('AccessDenied', 'Request has expired', 403);
  return id;
}

async function readAll(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    if (size > MAX_OBJECT_BYTES) throw new AwsError('EntityTooLarge', 'The object is too large.', 400);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
