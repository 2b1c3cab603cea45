import { readFileSync } from 'node:fs';
import { beforeAll, expect, test } from '@jest/globals';
import { OPENAPI_FILE, openApiText } from '../../../scripts/openapi.ts';
import type { Json } from '../../../shared/openapi/breaking-changes.ts';
import { breakingChanges } from '../../../shared/openapi/breaking-changes.ts';
import { ROUTES } from '../../../shared/routes.ts';

let text: string;
let document: { paths: Record<string, Record<string, Operation>>; components: { schemas: Record<string, Schema> } };
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
  'x-quixess-scope': string;
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

test("every route but Meta's is documented, with the scope the authorizer asks for", () => {
  const documented = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(
      ([method, operation]) => `${method.toUpperCase()} ${path} ${operation['x-quixess-scope']}`,
    ),
  );
  const routes = ROUTES.flatMap(({ method, path, auth }) => {
    if (auth.kind === 'meta') return [];
    return [`${method} ${path} ${auth.kind === 'api-key' ? auth.scope : 'public'}`];
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
    const isLeaf = properties.length === 0 && inner.length === 0 && schema.enum?.length !== 1;
    if (isField && isLeaf && (schema.example === undefined || !schema.description)) bare.push(at);
  };
  for (const [name, schema] of Object.entries(document.components.schemas)) visit(schema, name, false);
  for (const [path, methods] of Object.entries(document.paths))
    for (const { parameters = [] } of Object.values(methods))
      for (const { name, schema } of parameters) visit(schema, `${path} ${name}`, true);
  expect(bare).toEqual([]);
});

test('nothing is broken that the last release promised', () => {
  const released: Json = JSON.parse(readFileSync('docs/openapi-released.json', 'utf8'));
  expect(breakingChanges(released, JSON.parse(text))).toEqual([]);
});
