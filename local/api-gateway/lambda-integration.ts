import * as z from 'zod';
import { InvocationRefused, type InvocationResult } from '../lambda/lambda.ts';
import { type ApiAnswer, accepted } from './answer.ts';
import { type ApiCall, headerOf } from './call.ts';
import { proxyEvent } from './event.ts';
import { gatewayResponse } from './gateway-response.ts';
import type { ApiModel } from './model.ts';

type Invoke = (functionName: string, payload: unknown) => Promise<InvocationResult>;

const headerValue = z.union([z.string(), z.number(), z.boolean()]).transform(String);

/** The only form API Gateway takes; anything else is a malformed answer, 502. */
const ProxyAnswer = z.object({
  statusCode: z.coerce.number().int().min(100).max(599),
  headers: z.record(z.string(), headerValue).nullish(),
  multiValueHeaders: z.record(z.string(), z.array(headerValue)).nullish(),
  body: z.string().nullish(),
  isBase64Encoded: z.boolean().nullish(),
});

/**
 * API Gateway sets these itself; a function's own come back under another name.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-known-issues.html
 */
const REMAPPED = new Set([
  'connection',
  'content-length',
  'date',
  'host',
  'server',
  'upgrade',
  'user-agent',
  'via',
  'www-authenticate',
]);
const DROPPED = new Set(['transfer-encoding', 'trailer']);

/** Runs the function behind a route, for at most the integration's timeout. */
export async function answerWithFunction(
  model: ApiModel,
  call: ApiCall,
  integration: { functionName: string; timeoutMs: number },
  body: Buffer,
  invoke: Invoke,
): Promise<ApiAnswer> {
  const contentType = headerOf(call, 'content-type') ?? 'application/json';
  const event = proxyEvent(model, call, body, isBinary(model, contentType));
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<'timeout'>((resolve) => {
    timer = setTimeout(() => resolve('timeout'), integration.timeoutMs);
  });
  try {
    const result = await Promise.race([invoke(integration.functionName, event), timeout]);
    if (result === 'timeout') return gatewayResponse(model, call, 'INTEGRATION_TIMEOUT');
    const answer = 'error' in result ? undefined : ProxyAnswer.safeParse(result.payload).data;
    if (!answer) return gatewayResponse(model, call, 'DEFAULT_5XX', { status: 502 });
    return toAnswer(model, call, answer);
  } catch (error) {
    if (!(error instanceof InvocationRefused)) throw error;
    // Lambda refusing to run the function is 500 for the client, an error of the function 502.
    if (error.status === 413) return gatewayResponse(model, call, 'REQUEST_TOO_LARGE');
    return gatewayResponse(model, call, 'DEFAULT_5XX');
  } finally {
    clearTimeout(timer);
  }
}

function toAnswer(model: ApiModel, call: ApiCall, answer: z.output<typeof ProxyAnswer>): ApiAnswer {
  const headers: Record<string, string[]> = {};
  const set = (name: string, values: string[]): void => {
    const lower = name.toLowerCase();
    if (DROPPED.has(lower)) return;
    const key = REMAPPED.has(lower) ? `x-amzn-Remapped-${name}` : name;
    headers[key] = [...(headers[key] ?? []).filter((value) => !values.includes(value)), ...values];
  };
  for (const [name, value] of Object.entries(answer.headers ?? {})) set(name, [value]);
  for (const [name, values] of Object.entries(answer.multiValueHeaders ?? {})) set(name, values);
  if (!Object.keys(headers).some((name) => name.toLowerCase() === 'content-type'))
    headers['Content-Type'] = ['application/json'];
  const decoded = answer.isBase64Encoded === true && isBinary(model, accepted(call)[0] ?? '');
  return { status: answer.statusCode, headers, body: Buffer.from(answer.body ?? '', decoded ? 'base64' : 'utf8') };
}

function isBinary({ binaryMediaTypes }: ApiModel, mediaType: string): boolean {
  const type = mediaType.split(';')[0]!.trim().toLowerCase();
  return binaryMediaTypes.some((pattern) => {
    const wanted = pattern.toLowerCase();
    return wanted === '*/*' || wanted === type || (wanted.endsWith('/*') && type.startsWith(wanted.slice(0, -1)));
  });
}
