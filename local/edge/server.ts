import { createServer, type IncomingMessage, type ServerResponse, request as sendRequest } from 'node:http';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { listen } from '../ports.ts';
import type { SiteFile } from './bucket-files.ts';
import type { Behavior } from './distribution.ts';

export type EdgeOptions = {
  /** 0 takes any free port. */
  port: number;
  behaviors: readonly Behavior[];
  /** The same with the site's files, where those come later: who asks for one of them waits until then. */
  withFiles?: Promise<readonly Behavior[]>;
  /** Where both APIs are. */
  apiUrl: string;
};

export type Edge = { url: string; stop(): Promise<void> };

/** Types CloudFront compresses, of those the site has, and their sizes in bytes. */
const COMPRESSED = /^(?:text\/(?:css|html|javascript|markdown|plain)|application\/json|image\/svg\+xml)/;
const COMPRESSED_BYTES = { from: 1000, to: 10_000_000 };

/** CloudFront's distribution on loopback: the site's files and both APIs under one host, with the headers of the templates. */
export async function startEdge({ port, behaviors, withFiles, apiUrl }: EdgeOptions): Promise<Edge> {
  const complete = withFiles ?? Promise.resolve(behaviors);
  // Told to those who ask.
  complete.catch(() => undefined);
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://edge');
    const behavior = behaviorOf(pathname, behaviors);
    for (const [name, value] of Object.entries(behavior.headers)) response.setHeader(name, value);
    if (!behavior.methods.has(request.method ?? '')) {
      response.writeHead(403, { 'Content-Type': 'text/plain' }).end('This distribution does not take this method.\n');
      return;
    }
    if (behavior.origin.kind === 'api') return forward(request, response, apiUrl);
    complete.then(
      (all) => answerFile(request, response, pathname, behaviorOf(pathname, all)),
      () =>
        response.writeHead(503, { 'Content-Type': 'text/plain' }).end('The site does not build: npm start says why.\n'),
    );
  });
  const url = await listen(server, port);
  return {
    url,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function behaviorOf(pathname: string, behaviors: readonly Behavior[]): Behavior {
  const behavior = behaviors.find(({ path }) => path.test(pathname));
  if (!behavior) throw new Error('A distribution has a default behavior');
  return behavior;
}

/** All of the request but its host, and the answer as it comes. */
function forward(request: IncomingMessage, response: ServerResponse, apiUrl: string): void {
  const { host } = new URL(apiUrl);
  const onward = sendRequest(
    `${apiUrl}${request.url}`,
    { method: request.method, headers: { ...request.headers, host } },
    (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    },
  );
  onward.on('error', () => {
    if (response.headersSent) return void response.destroy();
    response.writeHead(502, { 'Content-Type': 'text/plain' }).end('The API did not answer.\n');
  });
  response.on('close', () => onward.destroy());
  request.pipe(onward);
}

function answerFile(
  request: IncomingMessage,
  response: ServerResponse,
  pathname: string,
  { rewrite, isCompressed, origin }: Behavior,
): void {
  const viewed = rewrite?.({ method: request.method ?? 'GET', uri: pathname }) ?? { uri: pathname };
  if ('status' in viewed) return void response.writeHead(viewed.status, viewed.headers).end(viewed.body);
  const file = origin.kind === 'files' ? origin.files.get(decoded(viewed.uri.slice(1))) : undefined;
  // The answer of S3 to CloudFront, which may list the bucket; who may not would get 403.
  if (!file) return void response.writeHead(404, { 'Content-Type': 'application/xml' }).end(NO_SUCH_KEY);
  const { contentType, cacheControl, etag } = file;
  response.setHeader('Content-Type', contentType);
  response.setHeader('ETag', etag);
  if (cacheControl !== undefined) response.setHeader('Cache-Control', cacheControl);
  if (request.headers['if-none-match']?.includes(etag)) return void response.writeHead(304).end();
  const encoding = isCompressed ? encodingFor(request, file) : undefined;
  if (encoding) response.setHeader('Content-Encoding', encoding).setHeader('Vary', 'Accept-Encoding');
  const body = encoding ? compress(file.body, encoding) : file.body;
  response.writeHead(200, { 'Content-Length': body.length }).end(request.method === 'HEAD' ? undefined : body);
}

const NO_SUCH_KEY =
  '<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>NoSuchKey</Code><Message>The specified key does not exist.</Message></Error>';

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

type Encoding = 'br' | 'gzip';

function encodingFor({ headers }: IncomingMessage, { body, contentType }: SiteFile): Encoding | undefined {
  const isWorthIt = body.length >= COMPRESSED_BYTES.from && body.length <= COMPRESSED_BYTES.to;
  if (!isWorthIt || !COMPRESSED.test(contentType)) return undefined;
  const accepted = String(headers['accept-encoding'] ?? '');
  return accepted.includes('br') ? 'br' : accepted.includes('gzip') ? 'gzip' : undefined;
}

const compressed = new WeakMap<Buffer, Partial<Record<Encoding, Buffer>>>();

/** Once for each file, at CloudFront's middling levels. */
function compress(body: Buffer, encoding: Encoding): Buffer {
  const ofBody = compressed.get(body) ?? {};
  compressed.set(body, ofBody);
  ofBody[encoding] ??=
    encoding === 'br' ? brotliCompressSync(body, { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } }) : gzipSync(body);
  return ofBody[encoding];
}
