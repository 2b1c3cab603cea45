import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { OPENAPI_FILE } from './openapi.ts';

// `paths` as openapi-fetch reads it, made of the document. Not openapi-typescript: it needs TypeScript 5 beside our 7.

type Schema = {
  $ref?: string;
  type?: string | string[];
  enum?: unknown[];
  properties?: Record<string, Schema>;
  required?: string[];
  additionalProperties?: Schema | boolean;
  items?: Schema;
  oneOf?: Schema[];
  anyOf?: Schema[];
};
type Parameter = { name: string; in: string; required?: boolean; schema: Schema };
type Content = { content?: Record<string, { schema: Schema }> };
type Operation = { parameters?: Parameter[]; requestBody?: Content; responses: Record<string, Content> };

const key = (name: string): string => JSON.stringify(name);

function typeOf(schema: Schema): string {
  if (schema.$ref) return schema.$ref.split('/').at(-1) ?? 'unknown';
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(' | ');
  const options = schema.oneOf ?? schema.anyOf;
  if (options) return options.map(typeOf).join(' | ');
  return (
    [schema.type ?? []]
      .flat()
      .map((type) => plain(type, schema))
      .join(' | ') || 'unknown'
  );
}

function plain(type: string, { items, properties, required = [], additionalProperties }: Schema): string {
  switch (type) {
    case 'array':
      return `(${items ? typeOf(items) : 'unknown'})[]`;
    case 'object': {
      if (!properties)
        return `Record<string, ${typeof additionalProperties === 'object' ? typeOf(additionalProperties) : 'unknown'}>`;
      const fields = Object.entries(properties).map(
        ([name, one]) => `${key(name)}${required.includes(name) ? '' : '?'}: ${typeOf(one)}`,
      );
      return `{ ${fields.join('; ')} }`;
    }
    case 'integer':
      return 'number';
    default:
      return type;
  }
}

function operationType({ parameters = [], requestBody, responses }: Operation): string {
  const places = Map.groupBy(parameters, (parameter) => parameter.in);
  const fields = ['query', 'header', 'path', 'cookie'].map((place) => {
    const ofPlace = places.get(place);
    if (!ofPlace) return `${place}?: never`;
    const isRequired = ofPlace.some(({ required }) => required);
    const inner = ofPlace.map(({ name, required, schema }) => `${key(name)}${required ? '' : '?'}: ${typeOf(schema)}`);
    return `${place}${isRequired ? '' : '?'}: { ${inner.join('; ')} }`;
  });
  const content = ({ content: types = {} }: Content): string =>
    `{ ${Object.entries(types)
      .map(([type, { schema }]) => `${key(type)}: ${typeOf(schema)}`)
      .join('; ')} }`;
  const answers = Object.entries(responses).map(
    ([status, response]) => `${status}: { headers: Record<string, unknown>; content: ${content(response)} }`,
  );
  const body = requestBody ? `requestBody: { content: ${content(requestBody)} }` : 'requestBody?: never';
  return `{ parameters: { ${fields.join('; ')} }; ${body}; responses: { ${answers.join('; ')} } }`;
}

/** TypeScript source with the type `paths`, and one type for each component. */
export function openApiTypes(text: string): string {
  const document: {
    paths: Record<string, Record<string, Operation>>;
    components: { schemas: Record<string, Schema> };
  } = JSON.parse(text);
  const components = Object.entries(document.components.schemas).map(
    ([name, schema]) => `export type ${name} = ${typeOf(schema)};`,
  );
  const paths = Object.entries(document.paths).map(([one, methods]) => {
    const operations = Object.entries(methods).map(([method, operation]) => `${method}: ${operationType(operation)}`);
    return `  ${key(one)}: { ${operations.join('; ')} };`;
  });
  return `// Made by "npm run openapi" of openapi.json.\n${components.join('\n')}\nexport interface paths {\n${paths.join('\n')}\n}\n`;
}

export const TYPES_FILE = path.resolve(import.meta.dirname, '../test/support/openapi-types.ts');

if (import.meta.main) writeFileSync(TYPES_FILE, openApiTypes(readFileSync(OPENAPI_FILE, 'utf8')));
