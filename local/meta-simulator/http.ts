import type { IncomingMessage, ServerResponse } from 'node:http';

/** Above the largest document Meta takes (100 MB) with its multipart frame. */
const MAX_BODY_BYTES = 110 * 1024 * 1024;

/** How a request is answered, or not. */
export type Reply =
  | { kind: 'json'; status: number; body: unknown; headers?: Record<string, string>; delayMs?: number }
  | { kind: 'bytes'; status: number; contentType: string; body: Buffer; delayMs?: number }
  /** The connection stays open and silent until the client gives up. */
  | { kind: 'hang' }
  /** The connection is cut with a TCP reset. */
  | { kind: 'reset' };

export function json(status: number, body: unknown): Reply {
  return { kind: 'json', status, body };
}

export async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    const bytes = Buffer.from(chunk);
    size += bytes.length;
    if (size > MAX_BODY_BYTES) throw new Error('the request body is too large');
    chunks.push(bytes);
  }
  return Buffer.concat(chunks);
}

/** @returns undefined for text that is no JSON (JSON itself cannot say undefined) */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Writes the reply, after its delay: real time, because the client's patience is real. */
export function sendReply(response: ServerResponse, reply: Reply): void {
  if (reply.kind === 'hang') return;
  if (reply.kind === 'reset') {
    response.socket?.resetAndDestroy();
    return;
  }
  const write = () => {
    if (response.destroyed) return;
    const isJson = reply.kind === 'json';
    const bytes = isJson ? Buffer.from(JSON.stringify(reply.body)) : reply.body;
    response.writeHead(reply.status, {
      'content-type': isJson ? 'application/json; charset=UTF-8' : reply.contentType,
      'content-length': bytes.length,
      ...(isJson ? reply.headers : {}),
    });
    response.end(bytes);
  };
  if (reply.delayMs === undefined) write();
  else setTimeout(write, reply.delayMs).unref();
}
