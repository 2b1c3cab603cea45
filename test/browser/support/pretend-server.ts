import { randomBytes, randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import * as sample from './sample-organisation.ts';

// Stands where site, dashboard's API and identity provider stand: for looking at pages in every state, of which a real
// stack has but a few at a time. What they do together is tested against a stack.

const root = path.resolve(import.meta.dirname, '../../../dist/site/app');
const TYPES: Record<string, string> = {
  js: 'text/javascript',
  css: 'text/css',
  html: 'text/html',
  svg: 'image/svg+xml',
};

/** The policy of the site: what breaks under it, breaks here. */
const POLICY = (issuer: string) =>
  `default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; connect-src 'self' ${issuer}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;

type Body = Record<string, unknown>;
type Answer = { status: number; body?: unknown; headers?: Record<string, string> };
type Call = { method: string; parts: string[]; query: URLSearchParams; body: Body; role: string };

export type Pretend = {
  url: string;
  calls: { method: string; path: string; body: Body }[];
  /** Nothing of a brand is there yet. */
  empty: boolean;
  /** Every call is answered with this. */
  fault: Answer | null;
  stop(): Promise<void>;
};

const problem = (status: number, code: string, title: string): Answer => ({
  status,
  headers: { 'Content-Type': 'application/problem+json' },
  body: {
    ...{
      type: `/developers/errors/${code}`,
      title,
      status,
      code,
      detail: title,
      instance: '/',
      request_id: randomUUID(),
    },
    ...{ retryable: status >= 500, retry_after_seconds: null, fix: 'Try again later.', errors: [] },
  },
});

export async function startPretend(): Promise<Pretend> {
  const state: Omit<Pretend, 'url' | 'stop'> = { calls: [], empty: false, fault: null };
  const identity = await listen((request, response) => signIn(request, response));
  const site = await listen((request, response) => serve(state, identity.url, request, response));
  return Object.assign(state, {
    url: `${site.url}/app`,
    stop: async () => {
      for (const { server } of [site, identity]) {
        server.closeAllConnections();
        server.close();
      }
    },
  });
}

async function listen(handle: (request: IncomingMessage, response: ServerResponse) => Promise<void>) {
  const server: Server = createServer((request, response) => {
    handle(request, response).catch((error: unknown) => response.writeHead(500).end(String(error)));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

const textOf = async (request: IncomingMessage): Promise<string> => {
  let text = '';
  for await (const chunk of request) text += chunk;
  return text;
};

const base64 = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** Who is asked for by `login_hint`, or the owner; the code says who, the token too. */
async function signIn(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const issuer = `http://${request.headers.host}`;
  const url = new URL(request.url ?? '/', issuer);
  response.setHeader('Access-Control-Allow-Origin', '*');
  const answer = (body: object) =>
    response.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify(body));
  if (url.pathname.endsWith('/openid-configuration'))
    return void answer({
      ...{ issuer, authorization_endpoint: `${issuer}/auth`, token_endpoint: `${issuer}/token` },
      ...{ end_session_endpoint: `${issuer}/end`, jwks_uri: `${issuer}/jwks` },
    });
  if (url.pathname === '/auth' || url.pathname === '/end') {
    const { redirect_uri, post_logout_redirect_uri, state } = Object.fromEntries(url.searchParams);
    const people = ['owner', 'developer', 'viewer'].map((role) => {
      const query = new URLSearchParams({ code: role, state: state ?? '' });
      return `<p><a href="${redirect_uri}?${query}">${role}@demo.example</a></p>`;
    });
    const target = post_logout_redirect_uri;
    if (target) return void response.writeHead(302, { Location: target }).end();
    return void response
      .writeHead(200, { 'Content-Type': 'text/html' })
      .end(`<!doctype html><title>Sign in</title>${people.join('')}`);
  }
  const form = new URLSearchParams(await textOf(request));
  const role = form.get('code') ?? 'owner';
  const now = Math.floor(Date.now() / 1000);
  const claims = { iss: issuer, sub: role, aud: form.get('client_id'), iat: now, exp: now + 3600 };
  answer({
    access_token: `pretend.${role}`,
    id_token: `${base64({ alg: 'none' })}.${base64(claims)}.x`,
    ...{ token_type: 'Bearer', expires_in: 3600, refresh_token: role, scope: 'openid email profile' },
  });
}

async function serve(
  state: Omit<Pretend, 'url' | 'stop'>,
  issuer: string,
  request: IncomingMessage,
  response: ServerResponse,
) {
  const url = new URL(request.url ?? '/', 'http://site');
  if (url.pathname === '/app/config.json')
    return void response.end(
      JSON.stringify({ api_base: '/api', authority: issuer, client_id: 'dashboard', stage: 'local' }),
    );
  if (url.pathname === '/api/openapi.json')
    return void response.end(readFileSync(path.resolve(root, '../../../openapi.json')));
  if (!url.pathname.startsWith('/api/')) {
    const file = /\.(js|css|svg)$/.test(url.pathname) ? url.pathname.slice('/app/'.length) : 'index.html';
    response.setHeader('Content-Security-Policy', POLICY(issuer));
    return void response
      .writeHead(200, { 'Content-Type': TYPES[file.split('.').at(-1) ?? ''] ?? 'text/plain' })
      .end(readFileSync(path.join(root, file)));
  }
  const text = await textOf(request);
  const body: Body = text === '' ? {} : JSON.parse(text);
  const role = request.headers.authorization?.split('pretend.')[1] ?? '';
  const parts = url.pathname.slice('/api/v1/'.length).split('/').map(decodeURIComponent);
  const method = request.method ?? 'GET';
  state.calls.push({ method, path: url.pathname, body });
  const isAboutMe = ['me', 'brands'].includes(parts[0] ?? '');
  const given =
    state.fault && !isAboutMe
      ? state.fault
      : answerOf({ method, parts, query: url.searchParams, body, role }, state.empty);
  response
    .writeHead(given.status, { 'Content-Type': 'application/json', 'Cache-Control': 'no-store', ...given.headers })
    .end(given.body === undefined ? '' : typeof given.body === 'string' ? given.body : JSON.stringify(given.body));
}

const ok = (body: unknown): Answer => ({ status: 200, body });
const page = (rows: readonly unknown[], query: URLSearchParams): Answer => {
  const start = Number(query.get('cursor') ?? 0);
  const end = start + Number(query.get('limit') ?? 25);
  return ok({
    data: rows.slice(start, end),
    next_cursor: end < rows.length ? String(end) : null,
    has_more: end < rows.length,
  });
};

const secret = (): string => `whsec_${randomBytes(32).toString('base64')}`;

function answerOf(call: Call, empty: boolean): Answer {
  const { method, parts, query, body, role } = call;
  const [first, second, third, fourth] = parts;
  if (first === 'me')
    return ok({
      id: 'mem_0',
      email: `${role}@demo.example`,
      role,
      organisation: { id: `org_${sample.ulid(1)}`, name: 'Demo' },
    });
  if (first === 'brands') return page(sample.brands, query);
  if (method !== 'GET' && role === 'viewer')
    return problem(403, 'insufficient_role', 'Your role does not include this');
  const isOther = query.get('brand_id') === sample.brands[1]?.id;
  const rows = <T>(all: readonly T[]): readonly T[] => (empty || isOther ? [] : all);
  const like = <T extends Record<string, unknown>>(all: readonly T[], ...names: string[]): readonly T[] =>
    rows(all).filter((row) => names.every((name) => [null, 'ALL', row[name]].includes(query.get(name))));
  switch (`${method} ${first}${second && first !== 'api-keys' && first !== 'members' ? `/${second}` : ''}`) {
    case 'GET members':
      return page(sample.members, query);
    case 'GET api-keys':
      return page(rows(sample.keys), query);
    case 'POST api-keys':
      return {
        status: 201,
        body: {
          ...sample.keys[0],
          ...body,
          id: 'key_new000000',
          revoked_at: null,
          secret: `qxs_${randomBytes(24).toString('hex')}`,
        },
      };
    case 'GET whatsapp/connections':
      return third ? ok(sample.connection) : page(rows([sample.connection]), query);
    case 'POST whatsapp/connections':
      if (fourth === 'test') return { status: 202, body: { id: `evt_${sample.ulid(0)}`, type: 'webhook.test' } };
      if (fourth) return ok({ ...sample.connection, secret: secret() });
      return third === 'check'
        ? ok({ steps: STEPS })
        : { status: 201, body: { ...sample.connection, secret: secret(), steps: STEPS } };
    case 'GET whatsapp/templates':
      return page(like(sample.templates, 'status', 'category', 'name'), query);
    case 'GET whatsapp/messages':
      return third
        ? ok(sample.messages.find(({ id }) => id === third))
        : page(like(sample.messages, 'direction', 'status'), query);
    case 'GET whatsapp/conversations':
      return third ? page(sample.messages, query) : page(rows(sample.conversations), query);
    case 'GET webhooks/events':
      return third
        ? ok(sample.events.find(({ id }) => id === third))
        : page(like(sample.events, 'status', 'type'), query);
    case 'POST webhooks/recoveries':
      return ok({ ...RECOVERY, dry_run: true, estimated_seconds: 10 });
    case 'GET webhooks/recoveries':
      return third ? ok(RECOVERY) : page(rows([RECOVERY]), query);
    case 'GET audit-log':
      return query.get('format') === 'csv' ? ok('at,actor,action\n') : page(rows(sample.auditLog), query);
    default:
      return ok({});
  }
}

const STEPS = ['token_checked', 'number_checked', 'endpoint_checked'].map((name) => ({
  name,
  status: 'done',
  detail: null,
}));
const RECOVERY = {
  id: `rec_${sample.ulid(1)}`,
  status: 'running',
  filter: { statuses: ['failed', 'held'], types: null, since: sample.at(1440), until: sample.at(0) },
  ...{ rate_per_second: 10, count: 100, count_is_exact: true, enqueued: 42, created_at: sample.at(1), ended_at: null },
};

if (import.meta.main) console.log((await startPretend()).url);
