import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { AwsError } from './wire.ts';

/** DynamoDB takes 16 MB in a batch, the largest request of all services here. */
const MAX_BODY_BYTES = 17 * 1024 * 1024;

export async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    if (size > MAX_BODY_BYTES) throw new AwsError('RequestEntityTooLargeException', 'The request is too large.', 413);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** From `AWS4-HMAC-SHA256 Credential=<access key id>/<date>/…`. The signature is not checked: there is no secret. */
export function accessKeyIdOf(request: IncomingMessage): string {
  const id = /^AWS4-HMAC-SHA256 Credential=([^/,\s]+)\//.exec(request.headers.authorization ?? '')?.[1];
  if (id === undefined)
    throw new AwsError('MissingAuthenticationTokenException', 'Request is missing Authentication Token');
  return id;
}

export function answer(response: ServerResponse, status: number, body: Buffer | string, headers: object = {}): void {
  if (response.destroyed) return;
  response.writeHead(status, {
    'content-type': 'application/x-amz-json-1.0',
    'x-amzn-requestid': randomUUID(),
    'content-length': Buffer.byteLength(body),
    ...headers,
  });
  response.end(body);
}

/** Errors that are not AWS's are ours: they answer 500, which SDKs retry, and are logged whole. */
export function answerError(response: ServerResponse, error: unknown, log: (line: string) => void): void {
  if (!(error instanceof AwsError)) log(`aws.failed ${error instanceof Error ? error.stack : String(error)}`);
  const known = error instanceof AwsError ? error : new AwsError('InternalFailure', String(error), 500);
  const body = JSON.stringify({ __type: known.code, message: known.message });
  const headers = known.queryCode === undefined ? {} : { 'x-amzn-query-error': `${known.queryCode};Sender` };
  answer(response, known.status, body, headers);
}
