import { readFileSync } from 'node:fs';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { EXTERNAL_PREFIX } from '../../shared/routes.ts';
import type { StackFile } from './local-stack.ts';

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
export type Operation = {
  operationId: string;
  'x-quixess-scope': string;
  parameters?: { name: string; in: 'path' | 'query' | 'header'; required?: boolean; schema: Schema }[];
  requestBody?: { content: Record<string, { schema: Schema }> };
  responses: Record<string, { headers?: Record<string, unknown>; content?: Record<string, { schema: Schema }> }>;
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

/** @throws with every difference when an answer is not one the document tells */
export function expectDocumented(method: string, path: string, answer: Documented): void {
  const template = templates.find(({ pattern }) => pattern.test(path.split('?')[0] ?? ''))?.path;
  const operation = template === undefined ? undefined : openApi.paths[template]?.[method.toLowerCase()];
  if (!template || !operation) throw new Error(`${method} ${path} is not in the document`);
  const type = (answer.headers.get('content-type') ?? '').split(';')[0] ?? '';
  const response = operation.responses[answer.status];
  const where = `${method} ${template} answered ${answer.status} ${type}`;
  if (!response?.content?.[type])
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
  const $ref = `openapi#/${pointer.map(escaped).join('/')}`;
  const validate = validators.get($ref) ?? ajv.compile({ $ref });
  validators.set($ref, validate);
  if (!validate(answer.body))
    throw new Error(`${where} with ${ajv.errorsText(validate.errors)}: ${answer.text.slice(0, 800)}`);
}

/** Our own throttle is a documented answer, but no test's subject: such a request is made again. */
const isOwnThrottle = ({ status, body }: Documented): boolean =>
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
      const response = await fetch(`${stack.api_url}/api${path}`, {
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
      expectDocumented(method, path, answer);
      if (!isOwnThrottle(answer)) return answer;
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  };
}
