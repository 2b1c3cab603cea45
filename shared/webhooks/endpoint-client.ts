import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import {
  type EndpointPolicy,
  type EndpointRefusal,
  hostOf,
  type Resolve,
  refuseUrl,
  type VettedAddress,
  vetHost,
} from './endpoint-address.ts';

export type ErrorClass =
  | EndpointRefusal
  | 'timeout'
  | 'dns'
  | 'tls'
  | 'connection_refused'
  | 'connection_lost'
  | 'redirect'
  | 'status';

/** What an endpoint did with one POST. */
export type EndpointAnswer = {
  statusCode: number | null;
  /** null exactly when the endpoint answered 2xx in time. */
  errorClass: ErrorClass | null;
  /** The first 4 KiB. */
  response: string;
  retryAfterSeconds: number | null;
  durationMs: number;
};

/** Kept of an answer, also as it is stored: contract §7. */
const MAX_KEPT_BYTES = 4096;

type Raw = { statusCode: number; retryAfter: string | undefined; body: string };
type Options = { policy: EndpointPolicy; timeoutMs: number /** @default the system's */; resolve?: Resolve };

/**
 * POSTs to tenants' endpoints. Every address of the name is vetted before every attempt and the connection is pinned to
 * it; redirects are answers like any other; one limit covers DNS, connection and the whole answer.
 */
export function endpointClient({ policy, timeoutMs, resolve }: Options) {
  const http = new HttpAgent({ keepAlive: true });
  const https = new HttpsAgent({ keepAlive: true, minVersion: 'TLSv1.2' });

  const exchange = (
    url: URL,
    headers: Record<string, string>,
    body: string,
    to: VettedAddress,
    signal: AbortSignal,
    isRepeat: boolean,
  ) =>
    new Promise<Raw>((resolve, reject) => {
      const isHttps = url.protocol === 'https:';
      const request = (isHttps ? httpsRequest : httpRequest)(url, {
        method: 'POST',
        signal,
        agent: isRepeat ? false : isHttps ? https : http,
        headers: { ...headers, 'Content-Length': Buffer.byteLength(body) },
        lookup: (_host, options, done) => {
          if (options.all) (done as (error: null, all: VettedAddress[]) => void)(null, [to]);
          else done(null, to.address, to.family);
        },
      });
      let isAnswered = false;
      let hasFailed = false;
      request.on('error', (error) => {
        if (isAnswered) return; // the status counts, whatever happens to the rest of the answer
        hasFailed = true;
        // A kept connection may have died while the container slept; that is nobody's failed attempt.
        const isStale = request.reusedSocket && !isRepeat && !signal.aborted;
        if (isStale) exchange(url, headers, body, to, signal, true).then(resolve, reject);
        else reject(error);
      });
      request.on('response', (answer) => {
        isAnswered = true;
        const { statusCode = 0 } = answer;
        const retryAfter = answer.headers['retry-after'];
        readHead(answer).then((text) => resolve({ statusCode, retryAfter, body: text }), reject);
      });
      // Nobody asked for another protocol; without this, neither an answer nor an error would ever come.
      request.on('upgrade', (answer, socket) => {
        isAnswered = true;
        socket.destroy();
        resolve({ statusCode: answer.statusCode ?? 101, retryAfter: undefined, body: '' });
      });
      // The last that happens, whatever it was.
      request.on('close', () => {
        if (!isAnswered && !hasFailed) reject(new Error('The connection was closed without an answer'));
      });
      request.end(body);
    });

  return {
    /** Never throws for what the endpoint, its name or the network does. */
    async post(endpoint: string, headers: Record<string, string>, body: string): Promise<EndpointAnswer> {
      const startedAt = performance.now();
      const signal = AbortSignal.timeout(timeoutMs);
      const answer = await attempt(endpoint, headers, body, signal).catch((error: unknown) =>
        failure(signal.aborted ? 'timeout' : classify(error)),
      );
      return { ...answer, durationMs: Math.round(performance.now() - startedAt) };
    },
  };

  async function attempt(endpoint: string, headers: Record<string, string>, body: string, signal: AbortSignal) {
    const url = URL.parse(endpoint);
    const refusal = url ? refuseUrl(url, policy) : 'url_not_allowed';
    if (!url || refusal) return failure(refusal ?? 'url_not_allowed');
    const vetted = await withinTime(vetHost(hostOf(url), policy, resolve), signal);
    if (typeof vetted === 'string') return failure(vetted);
    const raw = await exchange(url, headers, body, vetted, signal, false);
    return {
      statusCode: raw.statusCode,
      errorClass: classifyStatus(raw.statusCode),
      response: raw.body,
      retryAfterSeconds: parseRetryAfter(raw.retryAfter),
    };
  }
}
export type EndpointClient = ReturnType<typeof endpointClient>;

const failure = (errorClass: ErrorClass) => ({ statusCode: null, errorClass, response: '', retryAfterSeconds: null });

function classifyStatus(statusCode: number): ErrorClass | null {
  if (statusCode >= 200 && statusCode < 300) return null;
  return statusCode >= 300 && statusCode < 400 ? 'redirect' : 'status';
}

function classify(error: unknown): ErrorClass {
  const code = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
  if (code === 'ENOTFOUND' || code.startsWith('EAI_')) return 'dns';
  if (code === 'ECONNREFUSED') return 'connection_refused';
  if (code.startsWith('ERR_TLS') || code.startsWith('ERR_SSL') || /CERT|SIGNATURE|ISSUER/.test(code)) return 'tls';
  return 'connection_lost';
}

/** Seconds or an HTTP date (RFC 9110 §10.2.3); null for anything else. */
function parseRetryAfter(text: string | undefined): number | null {
  if (text === undefined) return null;
  if (/^\d{1,9}$/.test(text)) return Number(text);
  const at = Date.parse(text);
  return Number.isNaN(at) ? null : Math.max(0, Math.ceil((at - Date.now()) / 1000));
}

/** The status is the answer; of the body only the beginning is read, and a slow or broken end changes nothing. */
async function readHead(answer: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of answer) {
      chunks.push(chunk as Buffer);
      size += (chunk as Buffer).length;
      // Leaving the loop destroys the stream, and with it the connection.
      if (size > MAX_KEPT_BYTES) break;
    }
  } catch {}
  // `stream`: a character that is cut in the middle is left out.
  const text = new TextDecoder().decode(Buffer.concat(chunks).subarray(0, MAX_KEPT_BYTES), { stream: true });
  // What is no text becomes up to three times as long.
  return Buffer.byteLength(text) <= MAX_KEPT_BYTES ? text : text.slice(0, MAX_KEPT_BYTES / 4);
}

/** DNS cannot be aborted; it can be left behind. */
function withinTime<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  return Promise.race([work, promise]);
}
