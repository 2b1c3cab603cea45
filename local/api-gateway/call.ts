import { randomBytes, randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { ApiModel, Method } from './model.ts';

/** One request on its way through the gateway. */
export type ApiCall = {
  requestId: string;
  extendedRequestId: string;
  httpMethod: string;
  /** As the client sent it, stage included, without the query. */
  fullPath: string;
  /** Without the stage. */
  path: string;
  query: URLSearchParams;
  /** Names as the client wrote them. */
  headers: Record<string, string[]>;
  sourceIp: string;
  protocol: string;
  /** Virtual time, epoch milliseconds. */
  receivedAt: number;
  /** Known once the route is. */
  method?: Method;
  pathParameters: Record<string, string> | null;
  /** What the authorizer passes on. */
  authorizer?: Record<string, string | number>;
};

/** Between two hops only, or consumed by the gateway; functions never see them. */
const HOP_BY_HOP = new Set([
  'connection',
  'keep-alive',
  'transfer-encoding',
  'te',
  'upgrade',
  'expect',
  'content-length',
]);

/** @param path without the stage, or undefined when the request is not for the stage */
export function createCall(
  request: IncomingMessage,
  model: ApiModel,
  receivedAt: number,
): ApiCall & { isForStage: boolean } {
  const [fullPath = '/', query = ''] = (request.url ?? '/').split(/\?(.*)/s);
  const stagePath = `/${model.stage}`;
  const isForStage = fullPath === stagePath || fullPath.startsWith(`${stagePath}/`);
  const sourceIp = (request.socket.remoteAddress ?? '127.0.0.1').replace(/^::ffff:/, '');
  return {
    requestId: randomUUID(),
    extendedRequestId: randomBytes(11).toString('base64url').padEnd(15, '=').slice(0, 16),
    httpMethod: request.method ?? 'GET',
    fullPath,
    path: isForStage ? fullPath.slice(stagePath.length) || '/' : fullPath,
    query: new URLSearchParams(query),
    headers: readHeaders(request, sourceIp, receivedAt),
    sourceIp,
    protocol: `HTTP/${request.httpVersion}`,
    receivedAt,
    pathParameters: null,
    isForStage,
  };
}

function readHeaders(request: IncomingMessage, sourceIp: string, receivedAt: number): Record<string, string[]> {
  const headers: Record<string, string[]> = {};
  const spelled = new Map<string, string>();
  const add = (name: string, value: string): void => {
    const key = spelled.get(name.toLowerCase()) ?? name;
    spelled.set(name.toLowerCase(), key);
    headers[key] = [...(headers[key] ?? []), value];
  };
  for (let index = 0; index < request.rawHeaders.length; index += 2) {
    const name = request.rawHeaders[index]!;
    if (!HOP_BY_HOP.has(name.toLowerCase())) add(name, request.rawHeaders[index + 1]!);
  }
  const forwarded = request.headers['x-forwarded-for'];
  delete headers[spelled.get('x-forwarded-for') ?? ''];
  headers['X-Forwarded-For'] = [forwarded ? `${forwarded}, ${sourceIp}` : sourceIp];
  headers['X-Forwarded-Port'] = [String(request.socket.localPort ?? '')];
  headers['X-Forwarded-Proto'] = ['http'];
  const seconds = Math.floor(receivedAt / 1000).toString(16);
  headers['X-Amzn-Trace-Id'] = [`Root=1-${seconds}-${randomBytes(12).toString('hex')}`];
  return headers;
}

/** The last value of a header; names are compared without regard to case. */
export function headerOf(call: ApiCall, name: string): string | undefined {
  const wanted = name.toLowerCase();
  return Object.entries(call.headers)
    .find(([key]) => key.toLowerCase() === wanted)?.[1]
    .at(-1);
}

/** `arn:aws:execute-api:<region>:<account>:<api>/<stage>/<METHOD>/<path>` */
export const methodArnOf = ({ region, account, apiId, stage }: ApiModel, { httpMethod, path }: ApiCall): string =>
  `arn:aws:execute-api:${region}:${account}:${apiId}/${stage}/${httpMethod}/${path.replace(/^\//, '')}`;
