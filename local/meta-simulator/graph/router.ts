import { createHmac } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Account, AccountStore, App } from '../accounts.ts';
import { json, parseJson, type Reply } from '../http.ts';
import { DOWNLOAD_PATH, type MediaEndpoints } from '../media/endpoints.ts';
import { RefusedByOutcome, type SendResult } from '../messages/send.ts';
import { randomTraceId } from '../random-ids.ts';
import type { templateEndpoints } from '../templates/endpoints.ts';
import type { AccessToken, Permission, TokenStore } from '../tokens.ts';
import type { AccountEndpoints } from './account-endpoints.ts';
import type { GraphCall } from './call.ts';
import { GraphError, unknownObject } from './error.ts';

type Deps = {
  app: App;
  accounts: AccountStore;
  tokens: TokenStore;
  graphVersion: string;
  send: (call: GraphCall) => SendResult;
  media: MediaEndpoints;
  templates: ReturnType<typeof templateEndpoints>;
  account: AccountEndpoints;
};

type Handler = (call: GraphCall) => Reply | Promise<Reply> | SendResult;

/** Finds who calls what, and puts every refusal into Graph's envelope. */
export function graphRouter({ app, accounts, tokens, graphVersion, send, media, templates, account: customer }: Deps) {
  const numberEdges: Record<string, Handler> = {
    'GET ': customer.phoneNumber,
    'POST messages': send,
    'POST media': media.upload,
    'POST register': customer.register,
  };
  const wabaEdges: Record<string, Handler> = {
    'GET ': customer.waba,
    'GET message_templates': templates.list,
    'POST message_templates': templates.create,
    'DELETE message_templates': templates.remove,
    'GET subscribed_apps': customer.listSubscriptions,
    'POST subscribed_apps': customer.subscribe,
    'DELETE subscribed_apps': customer.unsubscribe,
    'GET phone_numbers': customer.phoneNumbers,
  };

  /** @returns undefined for an object or edge that is not there */
  function handlerFor(call: GraphCall, id: string, edge: string): Handler | undefined {
    if (id === 'debug_token' && edge === '' && call.method === 'GET') return customer.debugToken;
    const key = `${call.method} ${edge}`;
    if (id === call.account.phoneNumberId) return numberEdges[key];
    if (id === call.account.wabaId) return wabaEdges[key];
    if (edge !== '' || !/^\d+$/.test(id)) return undefined;
    // What is left are ids of media and templates. Template ids have more digits than any other.
    if (call.method === 'GET') return id.length > 15 ? () => templates.read(call, id) : () => media.read(call, id);
    return call.method === 'DELETE' ? () => media.remove(call, id) : undefined;
  }

  /** @throws GraphError 104 or 200 without a token, 190 for one that is not valid (any more) */
  function authenticate(request: IncomingMessage, url: URL): { account: Account; token: AccessToken | null } {
    const token = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1];
    if (token === undefined) throw new GraphError(request.method === 'GET' ? 200 : 104);
    const known = tokens.find(token);
    // The app's own token may look at other tokens, nothing else here.
    const isAppToken = token === `${app.id}|${app.secret}` && url.pathname.endsWith('/debug_token');
    const account = isAppToken ? accounts.first() : known?.account;
    if (account === undefined)
      throw new GraphError(190, { message: 'Invalid OAuth access token - Cannot parse access token' });
    if (known !== undefined && !tokens.isAlive(known)) {
      const why = known.isRevoked ? 'The user has not authorized the application.' : 'Session has expired.';
      throw new GraphError(190, {
        message: `Error validating access token: ${why}`,
        subcode: known.isRevoked ? 458 : 463,
      });
    }
    const proof = url.searchParams.get('appsecret_proof');
    if (proof !== null && proof !== createHmac('sha256', app.secret).update(token).digest('hex')) {
      throw new GraphError(100, { message: 'Invalid appsecret_proof provided in the API argument' });
    }
    return { account, token: known ?? null };
  }

  /** @throws GraphError 200 when the token was not given what the call needs, or not for this WABA */
  function authorize(call: GraphCall, id: string, edge: string): void {
    const { token, account } = call;
    const isOfAccount = id === account.phoneNumberId || id === account.wabaId;
    if (token === null || !isOfAccount) return;
    const needed: Permission =
      edge === 'messages' || edge === 'media' ? 'whatsapp_business_messaging' : 'whatsapp_business_management';
    if (!token.scopes.includes(needed)) throw new GraphError(200, { message: `Requires ${needed} permission` });
    if (token.targetIds !== null && !token.targetIds.includes(account.wabaId)) throw unknownObject(call.method, id);
  }

  async function route(request: IncomingMessage, url: URL, rawBody: Buffer): Promise<SendResult> {
    const method = request.method ?? 'GET';
    if (url.pathname === DOWNLOAD_PATH) {
      const { phoneNumberId } = authenticate(request, url).account;
      return { reply: media.download(url.searchParams, phoneNumberId), outcome: null };
    }
    const [version, id, edge = '', ...more] = url.pathname.split('/').slice(1);
    if (version !== graphVersion) {
      if (!/^v\d+\.\d+$/.test(version ?? ''))
        throw new GraphError(2500, { message: `Unknown path components: ${url.pathname}` });
      throw new GraphError(2635, { details: `This simulator speaks ${graphVersion}.` });
    }
    const contentType = request.headers['content-type'] ?? '';
    const isJson = contentType.startsWith('application/json');
    const body = isJson && rawBody.length > 0 ? parseJson(rawBody.toString('utf8')) : undefined;
    const call = {
      ...authenticate(request, url),
      method,
      path: url.pathname,
      query: url.searchParams,
      body,
      rawBody,
      contentType,
    };
    if (id === undefined || id === '' || more.length > 0) {
      throw new GraphError(2500, { message: `Unknown path components: ${url.pathname}` });
    }
    if (isJson && rawBody.length > 0 && body === undefined) {
      throw new GraphError(100, { details: 'The request body is not valid JSON.' });
    }
    const handler = handlerFor(call, id, edge);
    if (handler === undefined) throw unknownObject(method, id);
    authorize(call, id, edge);
    const result = await handler(call);
    return 'reply' in result ? result : { reply: result, outcome: null };
  }

  return async (request: IncomingMessage, url: URL, rawBody: Buffer): Promise<SendResult> => {
    const headers = usageHeaders(graphVersion);
    try {
      const { reply, outcome } = await route(request, url, rawBody);
      return { reply: reply.kind === 'json' ? { ...reply, headers } : reply, outcome };
    } catch (error) {
      if (!(error instanceof GraphError)) throw error;
      const reply = {
        ...json(error.httpStatus, error.toEnvelope()),
        headers: { ...headers, ...AUTH_HINT[error.code] },
      };
      return { reply, outcome: error instanceof RefusedByOutcome ? error.outcomeName : null };
    }
  };
}

const AUTH_HINT: Readonly<Record<number, Record<string, string>>> = {
  190: { 'www-authenticate': 'OAuth "Facebook Platform" "invalid_token" "Invalid OAuth access token."' },
};

/** meta-cloud-api §1.3: how much of the hourly allowance is used, percent. */
function usageHeaders(graphVersion: string): Record<string, string> {
  return {
    'facebook-api-version': graphVersion,
    'x-fb-trace-id': randomTraceId(),
    'x-app-usage': JSON.stringify({ call_count: 1, total_time: 1, total_cputime: 1 }),
  };
}
