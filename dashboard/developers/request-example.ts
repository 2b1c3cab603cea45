import type { SchemaObject } from './fields.ts';

type Resolve = (schema: SchemaObject) => SchemaObject;

/** What a sample shows beside the fields that must be there: of some only one may be given, and few show the point. */
const SHOWN: Record<string, readonly string[]> = {
  'otp.send': ['template_name'],
  'templates.send': ['language', 'variables', 'reference'],
  'replies.media': ['link', 'caption'],
  'messages.read': ['typing'],
  'recoveries.create': ['since', 'until', 'status', 'dry_run'],
};

/** A body that the endpoint takes, made of the examples of its fields. */
export function requestExample(operationId: string, schema: SchemaObject, resolve: Resolve): unknown {
  return example(schema, resolve, SHOWN[operationId] ?? []);
}

function example(unresolved: SchemaObject, resolve: Resolve, shown: readonly string[] = []): unknown {
  const schema = resolve(unresolved);
  if (schema.example !== undefined) return schema.example;
  if (schema.enum) return schema.enum[0];
  const [first] = schema.oneOf ?? schema.anyOf ?? [];
  if (first) return example(first, resolve);
  if (schema.items) return [example(schema.items, resolve)];
  const properties = Object.entries(schema.properties ?? {});
  const needed = properties.filter(([name]) => schema.required?.includes(name) || shown.includes(name));
  return Object.fromEntries(needed.map(([name, property]) => [name, example(property, resolve)]));
}
