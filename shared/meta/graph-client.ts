import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import * as z from 'zod';
import type { Now } from '../clock.ts';
import { GraphTemplate } from './graph-template.ts';
import { parseLossless } from './lossless-json.ts';
import { type MetaError, MetaErrorBody } from './meta-errors.ts';

/**
 * What became of a send. The difference that matters is whether bytes may have left us: if so, and no answer that can
 * be trusted came, the person may have got the message, and it must not be sent again.
 */
export type SendOutcome =
  | { kind: 'accepted'; waMessageId: string; waId: string | null }
  | { kind: 'refused'; error: MetaError }
  | { kind: 'not_sent'; cause: Error }
  | { kind: 'unknown'; reason: 'timeout' | 'connection_lost' | 'unreadable_answer' };

type GraphResponse = { status: number; body: string };
type Failure = { failure: Error; isTimeout: boolean; mayHaveLeft: boolean };
export type Sender = { phoneNumberId: string; accessToken: string };

/** What became of a call that may be repeated. */
export type CallOutcome<T> =
  | { kind: 'ok'; value: T }
  | { kind: 'refused'; error: MetaError }
  | { kind: 'failed'; cause: Error };

/** Meta's answer to a send (meta-cloud-api §2.5); `wa_id` may differ from the number dialled and may be absent. */
const SendAnswer = z.looseObject({
  contacts: z.array(z.looseObject({ wa_id: z.string().optional() })).optional(),
  messages: z.array(z.looseObject({ id: z.string().min(1) })).min(1),
});

const Success = z.looseObject({ success: z.literal(true) });

const TEMPLATE_FIELDS =
  'id,name,language,status,category,parameter_format,components,quality_score,rejected_reason,previous_category,last_updated_time';
// Lazily: who sends lists no templates, and a schema takes its time to make at each cold start.
const TemplatesPage = z.lazy(() =>
  z.looseObject({
    data: z.array(GraphTemplate),
    paging: z
      .looseObject({ cursors: z.looseObject({ after: z.string().optional() }).optional(), next: z.string().optional() })
      .optional(),
  }),
);

/** `file_size` comes as a number and as a string. */
const MediaInfo = z.looseObject({ url: z.url(), mime_type: z.string(), file_size: z.coerce.number().optional() });

/** An answer of a send is some 200 bytes; a page of templates may be a megabyte. What is longer is not read. */
const MAX_ANSWER_BYTES = 4 * 1024 * 1024;
/**
 * A connection idle for longer is not used again: it may have died while the container was frozen, and a request
 * written to a dead connection has an unknown outcome. Servers commonly keep one open for 5 s at least.
 */
const MAX_IDLE_MS = 4000;

/** Not `agent.destroy()`: that ends calls which are under way as well. */
function closeIdle({ freeSockets }: HttpAgent): void {
  for (const sockets of Object.values(freeSockets)) for (const socket of sockets ?? []) socket.destroy();
}

type Options = { baseUrl: string; version: string; timeoutMs: number; now: Now };

/**
 * Client of the WhatsApp Cloud API. `node:https` with keep-alive rather than `fetch`: it costs a third of the CPU, and
 * it tells whether a connection was ever made.
 */
export function graphClient({ baseUrl, version, timeoutMs, now }: Options) {
  const isHttps = baseUrl.startsWith('https:');
  const agent = isHttps ? new HttpsAgent({ keepAlive: true }) : new HttpAgent({ keepAlive: true });
  const send = isHttps ? httpsRequest : httpRequest;
  let lastUsedAt = 0;

  const exchange = (method: 'GET' | 'POST' | 'DELETE', path: string, accessToken: string, body?: object) =>
    new Promise<GraphResponse | Failure>((resolve) => {
      if (now() - lastUsedAt > MAX_IDLE_MS) closeIdle(agent);
      const payload = body === undefined ? '' : JSON.stringify(body);
      let mayHaveLeft = false;
      let isTimeout = false;
      const request = send(`${baseUrl}/${version}${path}`, {
        method,
        agent,
        headers: {
          authorization: `Bearer ${accessToken}`,
          ...(body === undefined
            ? {}
            : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(payload) }),
        },
      });
      // One limit over the whole exchange; a limit on silence alone would let a dripping answer outlive the function.
      const timer = setTimeout(() => {
        isTimeout = true;
        request.destroy(new Error('Meta did not answer in time'));
      }, timeoutMs);
      const settle = (result: GraphResponse | Failure) => {
        clearTimeout(timer);
        lastUsedAt = now();
        resolve(result);
      };
      const fail = (failure: Error) => settle({ failure, isTimeout, mayHaveLeft });
      request.on('socket', (socket) => {
        const opened = () => {
          mayHaveLeft = true;
        };
        if (request.reusedSocket || !socket.connecting) opened();
        else socket.once(isHttps ? 'secureConnect' : 'connect', opened);
      });
      request.on('error', fail);
      request.on('response', (response) => {
        readText(response).then((text) => settle({ status: response.statusCode ?? 0, body: text }), fail);
      });
      request.end(payload);
    });

  /** A call that may be repeated: whether its bytes left makes no difference. */
  const call = async <T extends z.ZodType>(
    schema: T,
    ...args: Parameters<typeof exchange>
  ): Promise<CallOutcome<z.output<T>>> => {
    const answer = await exchange(...args);
    if ('failure' in answer) return { kind: 'failed', cause: answer.failure };
    const value = readJson(answer.body);
    const parsed = schema.safeParse(value);
    if (answer.status < 300 && parsed.success) return { kind: 'ok', value: parsed.data };
    const refused = MetaErrorBody.safeParse(value);
    if (refused.success) return { kind: 'refused', error: refused.data.error };
    return { kind: 'failed', cause: new Error(`Meta answered ${answer.status} with what cannot be read`) };
  };

  return {
    /** Any other call: shared/meta/account-calls.ts, template-calls.ts. */
    call,

    /** POST /{phone_number_id}/messages (meta-cloud-api §2). Never throws for what Meta or the network does. */
    async sendMessage(from: Sender, body: object): Promise<SendOutcome> {
      const answer = await exchange('POST', `/${from.phoneNumberId}/messages`, from.accessToken, body);
      if ('failure' in answer) {
        if (!answer.mayHaveLeft) return { kind: 'not_sent', cause: answer.failure };
        return { kind: 'unknown', reason: answer.isTimeout ? 'timeout' : 'connection_lost' };
      }
      return toOutcome(answer);
    },

    /** Shows an inbound message as read, and typing with it (meta-cloud-api §2.4). */
    markRead: (from: Sender, waMessageId: string, isTyping: boolean) =>
      call(Success, 'POST', `/${from.phoneNumberId}/messages`, from.accessToken, {
        messaging_product: 'whatsapp',
        status: 'read',
        message_id: waMessageId,
        ...(isTyping ? { typing_indicator: { type: 'text' } } : {}),
      }),

    /**
     * A page of a WABA's templates. What it does not show by itself is asked for (meta-cloud-api §4.1).
     * @param after the cursor of the page before
     */
    listTemplates: (wabaId: string, accessToken: string, after: string | null) => {
      const query = new URLSearchParams({
        fields: TEMPLATE_FIELDS,
        limit: '100',
        ...(after === null ? {} : { after }),
      });
      return call(TemplatesPage, 'GET', `/${wabaId}/message_templates?${query}`, accessToken);
    },

    /** Where a file of a message can be fetched, for five minutes (meta-cloud-api §3). */
    mediaInfo: (from: Sender, mediaId: string) =>
      call(MediaInfo, 'GET', `/${mediaId}?phone_number_id=${from.phoneNumberId}`, from.accessToken),
  };
}
export type GraphClient = ReturnType<typeof graphClient>;

function toOutcome({ status, body }: GraphResponse): SendOutcome {
  const value = readJson(body);
  const accepted = SendAnswer.safeParse(value);
  if (status >= 200 && status < 300 && accepted.success) {
    const { contacts, messages } = accepted.data;
    return { kind: 'accepted', waMessageId: messages[0]?.id ?? '', waId: contacts?.[0]?.wa_id ?? null };
  }
  const refused = MetaErrorBody.safeParse(value);
  // A proxy's 502 page says nothing about what Meta did with the message.
  if (status >= 400 && refused.success) return { kind: 'refused', error: refused.data.error };
  return { kind: 'unknown', reason: 'unreadable_answer' };
}

async function readText(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response) {
    size += (chunk as Buffer).length;
    if (size > MAX_ANSWER_BYTES) break;
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** @returns undefined for what is not JSON. Ids of templates are longer than a number can hold. */
function readJson(text: string): unknown {
  try {
    return parseLossless(text);
  } catch {
    return undefined;
  }
}
