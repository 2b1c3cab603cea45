import { readFileSync } from 'node:fs';
import path from 'node:path';
import * as z from 'zod';
import { API_ERRORS, type ErrorCode } from '../../shared/error-codes.ts';
import { PUBLIC_ROOT } from '../../shared/routes.ts';
import { type Field, fieldsOf, Schema, type SchemaObject, shapeExample } from './fields.ts';
import { requestExample } from './request-example.ts';

const Content = z.record(z.string(), z.object({ schema: z.lazy(() => Schema), examples: z.unknown().optional() }));
const Operation = z.object({
  operationId: z.string(),
  summary: z.string(),
  description: z.string(),
  /** What a key needs; people's own endpoints have a role instead, and are the dashboard's. */
  'x-quixess-scope': z.string().optional(),
  parameters: z
    .array(
      z.object({
        name: z.string(),
        in: z.enum(['path', 'query', 'header']),
        required: z.boolean().default(false),
        description: z.string().optional(),
        schema: z.lazy(() => Schema),
      }),
    )
    .default([]),
  requestBody: z.object({ content: Content }).optional(),
  responses: z.record(z.string(), z.object({ description: z.string(), content: Content.optional() })),
});
const Document = z.object({
  info: z.object({ version: z.string() }),
  servers: z.tuple([z.object({ variables: z.object({ host: z.object({ default: z.string() }) }) })]),
  paths: z.record(z.string(), z.partialRecord(z.enum(['get', 'post', 'put', 'patch', 'delete']), Operation)),
  webhooks: z.record(z.string(), z.object({ post: Operation.pick({ description: true, requestBody: true }) })),
  components: z.object({
    schemas: z.record(
      z.string(),
      z.lazy(() => Schema),
    ),
    examples: z.record(z.string(), z.object({ value: z.unknown() })),
  }),
});

/** A parameter, with where it goes. */
export type Parameter = Field & { in: 'path' | 'query' | 'header' };

export type Response = { status: string; description: string; fields: Field[]; example: unknown };

/** One endpoint, ready to be shown. */
export type Endpoint = {
  id: string;
  method: string;
  /** From the host on: `/api/v1/…`. */
  path: string;
  title: string;
  description: string;
  /** A scope, `any-key` or `public`. */
  scope: string;
  parameters: Parameter[];
  body: Field[] | undefined;
  bodyExample: unknown;
  responses: Response[];
  errors: ErrorCode[];
};

/** One type of event, with what is in its `data`. */
export type EventReference = {
  type: string;
  description: string;
  variants: Field['variants'];
  fields: Field[];
  example: unknown;
};

export type ApiReference = {
  version: string;
  host: string;
  endpoints: Endpoint[];
  events: EventReference[];
  /** An example of each error, as the API answers it. */
  problems: ReadonlyMap<ErrorCode, unknown>;
};

/** The API document of this checkout, as the page shows it. */
export function readReference(): ApiReference {
  const file = path.resolve(import.meta.dirname, '../../openapi.json');
  const { info, servers, paths, webhooks, components } = Document.parse(JSON.parse(readFileSync(file, 'utf8')));
  const resolve = (schema: SchemaObject): SchemaObject => {
    if (schema.$ref === undefined) return schema;
    const { $ref, ...beside } = schema;
    const found = components.schemas[$ref.replace('#/components/schemas/', '')];
    if (!found) throw new Error(`openapi.json has no ${$ref}`);
    return { ...resolve(found), ...beside };
  };
  const endpoints = Object.entries(paths).flatMap(([pathname, methods]) =>
    Object.entries(methods).flatMap(([method, operation]) => {
      const scope = operation['x-quixess-scope'];
      return scope === undefined ? [] : [toEndpoint(method, pathname, scope, operation, resolve)];
    }),
  );
  const codes = Object.keys(API_ERRORS) as ErrorCode[];
  return {
    version: info.version,
    host: `https://${servers[0].variables.host.default}`,
    endpoints,
    events: Object.entries(webhooks).map(([type, { post }]) => toEvent(type, post, resolve)),
    problems: new Map(codes.map((code) => [code, components.examples[code]?.value])),
  };
}

function toEvent(
  type: string,
  { description, requestBody }: Pick<z.output<typeof Operation>, 'description' | 'requestBody'>,
  resolve: Resolve,
): EventReference {
  const envelope = requestBody?.content['application/json']?.schema;
  if (!envelope) throw new Error(`openapi.json says nothing of the body of ${type}`);
  const data = fieldsOf(envelope, resolve).find(({ name }) => name === 'data');
  if (!data) throw new Error(`${type} has no data`);
  const example = { ...(shapeExample(envelope, resolve) as object), type };
  return { type, description, variants: data.variants, fields: data.children, example };
}

type Resolve = (schema: SchemaObject) => SchemaObject;

function toEndpoint(
  method: string,
  pathname: string,
  scope: string,
  operation: z.output<typeof Operation>,
  resolve: Resolve,
): Endpoint {
  const schemaOf = (content: z.output<typeof Content> | undefined) => content?.['application/json']?.schema;
  const body = schemaOf(operation.requestBody?.content);
  const responses = Object.entries(operation.responses);
  return {
    id: operation.operationId,
    method: method.toUpperCase(),
    path: `${PUBLIC_ROOT}${pathname}`,
    title: operation.summary,
    // The scope has a line of its own.
    description: operation.description.replace(/\n\nNeeds the scope .*$/s, ''),
    scope,
    parameters: operation.parameters.map((parameter) => {
      const schema = { ...resolve(parameter.schema), description: parameter.description };
      const [field] = fieldsOf(asObject(parameter.name, schema, parameter.required), resolve);
      return { ...field!, in: parameter.in };
    }),
    body: body && fieldsOf(body, resolve),
    bodyExample: body && requestExample(operation.operationId, body, resolve),
    responses: responses
      .filter(([status]) => status.startsWith('2'))
      .map(([status, { description, content }]) => {
        const schema = schemaOf(content);
        return {
          status,
          description,
          fields: schema ? fieldsOf(schema, resolve) : [],
          example: schema && shapeExample(schema, resolve),
        };
      }),
    errors: responses.flatMap(([, { content }]) => {
      const examples = content?.['application/problem+json']?.examples;
      return Object.keys(z.record(z.string(), z.unknown()).parse(examples ?? {})) as ErrorCode[];
    }),
  };
}

const asObject = (name: string, schema: SchemaObject, isRequired: boolean): SchemaObject => ({
  type: 'object',
  properties: { [name]: schema },
  required: isRequired ? [name] : [],
});
