import { readFileSync } from 'node:fs';
import { beforeAll, expect, test } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { OPENAPI_FILE, openApiText } from '../../../scripts/openapi.ts';
import { EVENT_TYPES } from '../../../shared/events/event-types.ts';
import type { Json } from '../../../shared/openapi/breaking-changes.ts';
import { breakingChanges } from '../../../shared/openapi/breaking-changes.ts';
import { ROUTES } from '../../../shared/routes.ts';

let text: string;
let document: {
  paths: Record<string, Record<string, Operation>>;
  webhooks: Record<string, { post: { requestBody: { content: Record<string, { schema: Schema }> } } }>;
  components: { schemas: Record<string, Schema> };
};
type Schema = {
  type?: string;
  properties?: Record<string, Schema>;
  example?: unknown;
  $ref?: string;
  items?: Schema;
  enum?: unknown[];
  anyOf?: Schema[];
  oneOf?: Schema[];
  description?: string;
};
type Operation = {
  'x-quixess-scope'?: string;
  'x-quixess-role'?: string;
  parameters?: { name: string; schema: Schema }[];
  responses: Record<string, unknown>;
};

beforeAll(async () => {
  text = await openApiText();
  document = JSON.parse(text);
});

test('openapi.json is what the contracts say: run "npm run openapi"', () => {
  expect(readFileSync(OPENAPI_FILE, 'utf8') === text).toBe(true);
});

test("every route but Meta's is documented, with the scope or the role the authorizer asks for", () => {
  const documented = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(
      ([method, operation]) =>
        `${method.toUpperCase()} ${path} ${operation['x-quixess-scope'] ?? operation['x-quixess-role']}`,
    ),
  );
  const routes = ROUTES.flatMap(({ method, path, auth }) => {
    if (auth.kind === 'meta' || auth.kind === 'canary') return [];
    const needed = auth.kind === 'api-key' ? auth.scope : auth.kind === 'user' ? auth.role : 'public';
    return [`${method} ${path} ${needed}`];
  });
  expect(documented.sort()).toEqual(routes.sort());
});

test('every field has an example and a description, or is made of fields that have', () => {
  const bare: string[] = [];
  const visit = (schema: Schema, at: string, isField: boolean): void => {
    if (schema.$ref) return;
    const inner = [...(schema.anyOf ?? []), ...(schema.oneOf ?? []), ...(schema.items ? [schema.items] : [])];
    const properties = Object.entries(schema.properties ?? {});
    for (const [name, property] of properties) visit(property, `${at}.${name}`, true);
    for (const one of inner) visit(one, `${at}[]`, false);
    const isMadeOfFields = (one: Schema) => one.$ref !== undefined || one.properties !== undefined;
    const isLeaf =
      properties.length === 0 && schema.enum?.length !== 1 && inner.every((one) => !isMadeOfFields(one) && !one.oneOf);
    if (isField && isLeaf && (schema.example === undefined || !schema.description)) bare.push(at);
  };
  for (const [name, schema] of Object.entries(document.components.schemas)) visit(schema, name, false);
  for (const [path, methods] of Object.entries(document.paths))
    for (const { parameters = [] } of Object.values(methods))
      for (const { name, schema } of parameters) visit(schema, `${path} ${name}`, true);
  expect(bare).toEqual([]);
});

test('every example is a value that its schema describes', () => {
  const ajv = new Ajv2020({ strict: false });
  addFormats.default(ajv);
  ajv.addSchema({ $id: 'openapi', ...document } as object);
  const wrong: string[] = [];
  let examples = 0;
  const visit = (value: unknown, at: string): void => {
    if (typeof value !== 'object' || value === null) return;
    // Fields may be called `type` and `example`.
    const isSchema = !at.endsWith('/properties');
    if (isSchema && 'example' in value && ('type' in value || '$ref' in value || 'anyOf' in value)) {
      examples += 1;
      const validate = ajv.compile(value);
      if (!validate(value.example)) wrong.push(`${at}: ${ajv.errorsText(validate.errors)}`);
    }
    for (const [key, inner] of Object.entries(value)) if (key !== 'example') visit(inner, `${at}/${key}`);
  };
  visit(document.components.schemas, '');
  expect(wrong).toEqual([]);
  expect(examples).toBeGreaterThan(300);
});

test('every event is told with the schema of its data, open to fields that may come', () => {
  const schemas = document.components.schemas;
  for (const type of EVENT_TYPES) {
    const body = document.webhooks[type]?.post.requestBody.content['application/json']?.schema;
    expect([type, body?.$ref]).toEqual([type, `#/components/schemas/Event_${type.replace('.', '_')}`]);
    const data = schemas[`Event_${type.replace('.', '_')}`]?.properties?.data;
    expect([type, data?.properties ?? data?.oneOf]).toEqual([type, expect.anything()]);
    expect(JSON.stringify(data)).not.toContain('"additionalProperties":false');
  }
});

test('nothing is broken that the last release promised', () => {
  const released: Json = JSON.parse(readFileSync('docs/openapi-released.json', 'utf8'));
  expect(breakingChanges(released, JSON.parse(text))).toEqual([]);
});
