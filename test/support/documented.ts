import { readFileSync } from 'node:fs';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { EXTERNAL_PREFIX } from '../../shared/routes.ts';
import type { StackFile } from './local-stack.ts';
import { rememberRequest } from './run-secrets.ts';

export type Schema = {
  $ref?: string;
  type?: string | string[];
  properties?: Record<string, Schema>;
  required?: string[];
  items?: Schema;
  enum?: unknown[];
  const?: unknown;
  oneOf?: Schema[];
  anyOf?: Schema[];
  additionalProperties?: unknown;
  example?: unknown;
  [keyword: string]: unknown;
};
type Content = { schema: Schema; examples?: Record<string, unknown> };
export type Operation = {
  operationId: string;
  'x-quixess-scope': string;
  parameters?: { name: string; in: 'path' | 'query' | 'header'; required?: boolean; schema: Schema }[];
  requestBody?: { content: Record<string, { schema: Schema }> };
  responses: Record<string, { headers?: Record<string, unknown>; content?: Record<string, Content> }>;
};
export type OpenApi = {
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, Schema> };
};

export const openApi: OpenApi = JSON.parse(readFileSync('openapi.json', 'utf8'));

/** Answers may get new fields, so the document leaves objects open; here a field that it does not name is a leak. */
function closed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(closed);
  if (typeof value !== 'object' || value === null) return value;
  const inner = Object.fromEntries(
    Object.entries(value).map(([key, one]) => [key, key === 'example' ? one : closed(one)]),
  );
  const isObject = 'properties' in inner && !('additionalProperties' in inner);
  return isObject ? { ...inner, additionalProperties: false } : inner;
}

const ajv = new Ajv2020({ strict: false, allErrors: true });
addFormats.default(ajv);
ajv.addSchema(closed({ $id: 'openapi', ...openApi }) as object);
const validators = new Map<string, ValidateFunction>();
const escaped = (part: string): string => encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1'));

/** Paths with the most fixed parts first: `/messages/{id}` also fits what another path says word for word. */
const templates = Object.keys(openApi.paths)
  .sort((a, b) => a.split('{').length - b.split('{').length)
  .map((path) => ({ path, pattern: new RegExp(`^${path.replaceAll('.', '\\.').replaceAll(/\{\w+\}/g, '[^/]+')}$`) }));

export type Documented = {
  status: number;
  headers: Headers;
  text: string;
  // biome-ignore lint/suspicious/noExplicitAny: checked against the document before a test looks into it
  body: any;
};

function operationOf(method: string, path: string) {
  const template = templates.find(({ pattern }) => pattern.test(path.split('?')[0] ?? ''))?.path;
  const operation = template === undefined ? undefined : openApi.paths[template]?.[method.toLowerCase()];
  return { template, operation };
}
const isDocumented = (method: string, path: string): boolean => operationOf(method, path).operation !== undefined;

/** @throws with every difference when an answer is not one the document tells */
export function expectDocumented(method: string, path: string, answer: Documented): void {
  const { template, operation } = operationOf(method, path);
  if (!template || !operation) throw new Error(`${method} ${path} is not in the document`);
  const type = (answer.headers.get('content-type') ?? '').split(';')[0] ?? '';
  const response = operation.responses[answer.status];
  const where = `${method} ${template} answered ${answer.status} ${type}`;
  const content = response?.content?.[type];
  if (!response || !content)
    throw new Error(`${where}, which the document does not tell: ${answer.text.slice(0, 500)}`);
  for (const name of Object.keys(response.headers ?? {}))
    if (name === 'X-Request-Id' && !answer.headers.has(name)) throw new Error(`${where} without ${name}`);
  if ((answer.status === 429 || answer.status === 503) && !answer.headers.has('retry-after'))
    throw new Error(`${where} without Retry-After`);
  const pointer = [
    'paths',
    template,
    method.toLowerCase(),
    'responses',
    String(answer.status),
    'content',
    type,
    'schema',
  ];
  const wrong = differences(`openapi#/${pointer.map(escaped).join('/')}`, answer.body);
  if (wrong !== null) throw new Error(`${where} with ${wrong}: ${answer.text.slice(0, 800)}`);
  // An example for each code that the endpoint may answer with: what is thrown is told.
  if (answer.status >= 400 && !content.examples?.[answer.body.code])
    throw new Error(`${where} with the code ${answer.body.code}, which is not told of it`);
}

/** @returns what is wrong, null when nothing is */
function differences($ref: string, value: unknown): string | null {
  const validate = validators.get($ref) ?? ajv.compile({ $ref });
  validators.set($ref, validate);
  return validate(value) ? null : ajv.errorsText(validate.errors);
}

/** What the gateway says where there is no endpoint. @throws when it is not in our form */
function expectProblem(where: string, answer: Documented): void {
  const wrong = differences('openapi#/components/schemas/Problem', answer.body);
  if (answer.status < 400 || wrong !== null) throw new Error(`${where} with ${wrong}: ${answer.text.slice(0, 800)}`);
}

/** @param body what a tenant's endpoint was sent @throws when the document's webhooks do not tell it so */
export function expectDocumentedEvent(body: string): void {
  const event = JSON.parse(body);
  const wrong = differences(`openapi#/components/schemas/Event_${String(event.type).replace('.', '_')}`, event);
  if (wrong !== null) throw new Error(`event ${event.type} with ${wrong}: ${body.slice(0, 800)}`);
}

/**
 * Calls a path below the stack's `/api`. What the API for tenants answers has to be as the document tells it, and what
 * went there in confidence is remembered, for the end of the run (test/support/inspect-run.ts).
 */
export async function callApi(stack: Pick<StackFile, 'api_url'>, path: string, init: RequestInit): Promise<Response> {
  const headers = new Headers(init.headers);
  rememberRequest(headers.get('X-API-Key'), readJson(init.body));
  const response = await fetch(`${stack.api_url}/api${path}`, init);
  if (!path.startsWith(EXTERNAL_PREFIX)) return response;
  const text = await response.clone().text();
  const answer = { status: response.status, headers: response.headers, text, body: JSON.parse(text) };
  const method = init.method ?? 'GET';
  if (isDocumented(method, path)) expectDocumented(method, path, answer);
  else expectProblem(`${method} ${path} answered ${answer.status}`, answer);
  return response;
}

/** A `fetch` for clients that were not written here: what they are answered is checked as well. */
export const documentedFetch =
  (stack: Pick<StackFile, 'api_url'>) =>
  async (request: Request): Promise<Response> => {
    const { method, headers, url } = request;
    const body = method === 'GET' ? undefined : await request.text();
    return callApi(stack, url.slice(`${stack.api_url}/api`.length), { method, headers, body });
  };

const readJson = (body: unknown): unknown => {
  try {
    return JSON.parse(String(body));
  } catch {
    return undefined;
  }
};

/** Our own throttle is a documented answer, but no test's subject: such a request is made again. */
const isThrottle = ({ status, body }: Documented): boolean =>
  status === 429 && body.whatsapp_error === undefined && body.code === 'rate_limited';

/** Calls the API as a tenant does; every answer has to be one that the document tells. */
export function documentedApi(stack: StackFile, key = stack.api_key) {
  return async (
    method: string,
    call: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Documented> => {
    const path = `${EXTERNAL_PREFIX}${call}`;
    for (;;) {
      const response = await callApi(stack, path, {
        method,
        headers: {
          'X-API-Key': key,
          ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
          ...headers,
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const text = await response.text();
      const answer = { status: response.status, headers: response.headers, text, body: JSON.parse(text) };
      if (!isThrottle(answer)) return answer;
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  };
}
