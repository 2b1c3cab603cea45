import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { EXTERNAL_PREFIX } from '../../shared/routes.ts';
import { documentedApi, type Operation, openApi, type Schema } from '../support/documented.ts';
import { type RunningStack, startStack } from '../support/local-stack.ts';

/** Together at least 2,000: the recoveries and replays of deliveries have their own. */
const REQUESTS = 2000;
const AT_ONCE = 8;

let stack: RunningStack;
beforeAll(async () => {
  stack = await startStack();
}, 120_000);
afterAll(() => stack?.stop());

type Call = { method: string; path: string; body: unknown };
const NOTHING = Symbol('nothing');

/** Values a schema describes. What it cannot say (that one of two fields is given) the API refuses, which is an answer too. */
function valid(schema: Schema): fc.Arbitrary<unknown> {
  if (schema.$ref) return valid(openApi.components.schemas[schema.$ref.split('/').at(-1) ?? ''] ?? {});
  const options = schema.oneOf ?? schema.anyOf;
  if (options) return fc.oneof(...options.map(valid));
  if (schema.enum) return fc.constantFrom(...schema.enum);
  switch ([schema.type ?? []].flat()[0]) {
    case 'string':
      return strings(schema);
    case 'integer':
    case 'number':
      return fc.integer({ min: Number(schema.minimum ?? -1000), max: Number(schema.maximum ?? 100_000) });
    case 'boolean':
      return fc.boolean();
    case 'array':
      return fc.array(valid(schema.items ?? {}), {
        minLength: Number(schema.minItems ?? 0),
        maxLength: Math.min(4, Number(schema.maxItems ?? 4)),
      });
    case 'object': {
      const { properties = {}, required = [] } = schema;
      const fields = Object.fromEntries(Object.entries(properties).map(([name, one]) => [name, valid(one)]));
      if (Object.keys(fields).length === 0)
        return fc.dictionary(fc.string({ minLength: 1, maxLength: 5 }), fc.string({ minLength: 1, maxLength: 20 }), {
          maxKeys: 3,
        });
      return fc.record(fields, { requiredKeys: required });
    }
    default:
      return fc.jsonValue();
  }
}

function strings(schema: Schema): fc.Arbitrary<unknown> {
  const example = schema.example === undefined ? [] : [fc.constant(schema.example)];
  if (schema.format === 'uri') return fc.webUrl();
  if (schema.format === 'date-time')
    return fc
      .date({ min: new Date(0), max: new Date('9999-12-31'), noInvalidDate: true })
      .map((date) => date.toISOString());
  // What looks ahead cannot be made of its pattern: the example stands for it.
  if (typeof schema.pattern === 'string' && !schema.pattern.includes('(?!')) {
    const any = fc
      .stringMatching(new RegExp(schema.pattern))
      .map((text) => text.slice(0, Number(schema.maxLength ?? 300)));
    return fc.oneof(...example, any);
  }
  const free = fc.string({
    minLength: Number(schema.minLength ?? 0),
    maxLength: Math.min(60, Number(schema.maxLength ?? 60)),
    unit: 'grapheme',
  });
  return fc.oneof(...example, free);
}

const junk: fc.Arbitrary<unknown> = fc.oneof(
  fc.jsonValue({ maxDepth: 3 }),
  fc.string({ unit: 'binary', maxLength: 200 }),
  fc.constantFrom(
    null,
    '',
    '0',
    -1,
    1e308,
    [],
    {},
    '../..',
    '%00',
    '\u0000',
    '💥'.repeat(50),
    '__proto__',
    'msg_01KB2M5ZC0N7Q1V9T3X5Y7Z9A1',
    'wamid.X',
  ),
);
/** A valid body with something broken in it. */
const broken = (body: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> =>
  fc.tuple(body, fc.string({ maxLength: 12 }), junk).map(([value, name, wrong]) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return wrong;
    const names = Object.keys(value);
    const target = names.length > 0 && name.length % 3 !== 0 ? (names[name.length % names.length] ?? name) : name;
    return { ...value, [target]: wrong };
  });

function callsOf(
  template: string,
  method: string,
  { parameters = [], requestBody }: Operation,
  isJunk: boolean,
): fc.Arbitrary<Call> {
  const value = (schema: Schema) => (isJunk ? fc.oneof(junk, valid(schema)) : valid(schema));
  const place = (where: string) =>
    fc.record(
      Object.fromEntries(parameters.filter((one) => one.in === where).map(({ name, schema }) => [name, value(schema)])),
      where === 'path' ? {} : { requiredKeys: [] },
    );
  const schema = requestBody?.content['application/json']?.schema;
  const body = schema ? (isJunk ? fc.oneof(broken(valid(schema)), junk) : valid(schema)) : fc.constant(NOTHING);
  return fc.tuple(place('path'), place('query'), body).map(([path, query, given]) => {
    const text = (one: unknown) => (typeof one === 'string' ? one : JSON.stringify(one));
    const filled = template.replaceAll(
      /\{(\w+)\}/g,
      (_all, name: string) => encodeURIComponent(text((path as Record<string, unknown>)[name])) || 'x',
    );
    const search = new URLSearchParams(
      Object.entries(query).map(([name, one]): [string, string] => [name, text(one)]),
    ).toString();
    return {
      method: method.toUpperCase(),
      path: filled.replace(EXTERNAL_PREFIX, '') + (search && `?${search}`),
      body: given,
    };
  });
}

test('half valid, half junk: no 5xx of ours, and no answer the document does not tell', async () => {
  const api = documentedApi(stack);
  await stack.simulator.inbound({ from: '15550109999', type: 'text', text: { body: 'hello' } });
  const operations = Object.entries(openApi.paths).flatMap(([template, methods]) =>
    template.startsWith(EXTERNAL_PREFIX)
      ? Object.entries(methods).map(([method, operation]) => ({ template, method, operation }))
      : [],
  );
  const each = Math.ceil(REQUESTS / operations.length / 2);
  const calls = operations.flatMap(({ template, method, operation }) =>
    [false, true].flatMap((isJunk) =>
      fc.sample(callsOf(template, method, operation, isJunk), { numRuns: each, seed: 20261122 }),
    ),
  );
  expect(calls.length).toBeGreaterThanOrEqual(REQUESTS);

  const statuses = new Map<number, number>();
  const wrong: string[] = [];
  const next = calls.values();
  const worker = async (): Promise<void> => {
    for (const { method, path, body } of next) {
      try {
        const answer = await api(method, path, body === NOTHING ? undefined : body);
        statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1);
        // 502 tells what Meta said; the simulator refuses only what we should have refused.
        if (answer.status >= 500)
          wrong.push(`${answer.status} ${method} ${path} ${JSON.stringify(body)} ${answer.text}`);
      } catch (error) {
        wrong.push(`${method} ${path} ${JSON.stringify(body)}: ${(error as Error).message}`);
      }
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  console.log(`${calls.length} requests: ${JSON.stringify(Object.fromEntries([...statuses].sort()))}`);
  expect(wrong.slice(0, 10)).toEqual([]);
}, 240_000);
