import * as z from 'zod';

/** The part of JSON Schema that the API document uses. */
export type SchemaObject = {
  $ref?: string | undefined;
  type?: string | string[] | undefined;
  description?: string | undefined;
  example?: unknown;
  default?: unknown;
  enum?: (string | number | boolean | null)[] | undefined;
  format?: string | undefined;
  minLength?: number | undefined;
  maxLength?: number | undefined;
  minimum?: number | undefined;
  maximum?: number | undefined;
  minItems?: number | undefined;
  maxItems?: number | undefined;
  properties?: Record<string, SchemaObject> | undefined;
  required?: string[] | undefined;
  items?: SchemaObject | undefined;
  additionalProperties?: boolean | SchemaObject | undefined;
  anyOf?: SchemaObject[] | undefined;
  oneOf?: SchemaObject[] | undefined;
};

export const Schema: z.ZodType<SchemaObject> = z.lazy(() =>
  z.object({
    $ref: z.string().optional(),
    type: z.union([z.string(), z.array(z.string())]).optional(),
    description: z.string().optional(),
    example: z.unknown().optional(),
    default: z.unknown().optional(),
    enum: z.array(z.union([z.string(), z.number(), z.boolean(), z.null()])).optional(),
    format: z.string().optional(),
    minLength: z.number().optional(),
    maxLength: z.number().optional(),
    minimum: z.number().optional(),
    maximum: z.number().optional(),
    minItems: z.number().optional(),
    maxItems: z.number().optional(),
    properties: z.record(z.string(), Schema).optional(),
    required: z.array(z.string()).optional(),
    items: Schema.optional(),
    additionalProperties: z.union([z.boolean(), Schema]).optional(),
    anyOf: z.array(Schema).optional(),
    oneOf: z.array(Schema).optional(),
  }),
);

/** A field of a request or an answer, with those inside it. */
export type Field = {
  name: string;
  /** In words: `string`, `list of objects`, `string or null`. */
  type: string;
  isRequired: boolean;
  description: string;
  /** What it may be, in words: `at most 128 characters`. */
  limits: string[];
  example: unknown;
  children: Field[];
  /** Shapes it may take, by the value that tells them apart; in place of children. */
  variants: { name: string; fields: Field[] }[];
};

type Resolve = (schema: SchemaObject) => SchemaObject;

/** The fields of an object's schema; of a list's, those of its items. */
export function fieldsOf(unresolved: SchemaObject, resolve: Resolve): Field[] {
  const schema = resolve(unresolved);
  const inner = schema.items ? resolve(schema.items) : schema;
  return Object.entries(inner.properties ?? {}).map(([name, property]) =>
    toField(name, property, inner.required?.includes(name) ?? false, resolve),
  );
}

function toField(name: string, unresolved: SchemaObject, isRequired: boolean, resolve: Resolve): Field {
  const schema = withoutNull(resolve(unresolved), resolve);
  const items = schema.items && resolve(schema.items);
  const variants = variantsOf(items ?? schema, resolve);
  return {
    name,
    type: typeOf(resolve(unresolved), resolve),
    isRequired,
    description: unresolved.description ?? schema.description ?? items?.description ?? '',
    limits: limitsOf(schema),
    example: unresolved.example ?? schema.example,
    children: variants.length > 0 ? [] : fieldsOf(schema, resolve),
    variants,
  };
}

/** `anyOf: [X, null]` is X; that it may be null is in its type. */
function withoutNull(schema: SchemaObject, resolve: Resolve): SchemaObject {
  const others = schema.anyOf?.filter(({ type }) => type !== 'null') ?? [];
  const [only] = others;
  return only && others.length === 1 ? { ...resolve(only), description: schema.description } : schema;
}

/** The shapes of a discriminated union, alternatives inside of alternatives too. */
function variantsOf({ oneOf }: SchemaObject, resolve: Resolve): Field['variants'] {
  return (oneOf ?? []).flatMap((one) => {
    const schema = resolve(one);
    if (schema.oneOf) return variantsOf(schema, resolve);
    const tags = ['sub_type', 'type'].map((tag) => schema.properties?.[tag]?.enum);
    const [name] = tags.find((values) => values?.length === 1) ?? [];
    return [{ name: String(name ?? 'object'), fields: fieldsOf(schema, resolve) }];
  });
}

function typeOf(schema: SchemaObject, resolve: Resolve): string {
  if (schema.anyOf) {
    const types = schema.anyOf.map((one) => typeOf(resolve(one), resolve));
    return [...new Set(types)].join(' or ');
  }
  if (schema.oneOf) return 'object';
  const types = [schema.type ?? 'any'].flat();
  return types.map((type) => (type === 'array' ? `list of ${itemsOf(schema, resolve)}s` : type)).join(' or ');
}

const itemsOf = ({ items }: SchemaObject, resolve: Resolve): string =>
  items ? typeOf(resolve(items), resolve) : 'value';

function limitsOf(schema: SchemaObject): string[] {
  const { minLength, maxLength, minimum, maximum, minItems, maxItems } = schema;
  const range = (from: number | undefined, to: number | undefined, unit: string): string[] => {
    // A range of the language, not of ours.
    if (to === undefined || to > 1_000_000_000) return from ? [`at least ${from}${unit}`] : [];
    return [from ? `${from}–${to}${unit}` : `at most ${to}${unit}`];
  };
  return [
    ...(schema.enum ? [`one of ${schema.enum.map((value) => `\`${value}\``).join(', ')}`] : []),
    ...range(minLength === 1 ? undefined : minLength, maxLength, ' characters'),
    ...range(minimum, maximum, ''),
    ...range(minItems, maxItems, ' items'),
    ...(schema.format === 'date-time' ? ['ISO 8601, UTC'] : []),
    ...(schema.format === 'uri' ? ['a URL'] : []),
    ...(schema.default === undefined ? [] : [`default \`${JSON.stringify(schema.default).replaceAll('"', '')}\``]),
  ];
}

/** An example of the whole shape, made of the examples of its fields. */
export function shapeExample(unresolved: SchemaObject, resolve: Resolve): unknown {
  const schema = resolve(unresolved);
  if (schema.example !== undefined) return schema.example;
  if (schema.enum) return schema.enum[0];
  const [first] = schema.oneOf ?? schema.anyOf ?? [];
  if (first) return shapeExample(first, resolve);
  if (schema.items) return [shapeExample(schema.items, resolve)];
  if (schema.properties) {
    return Object.fromEntries(
      Object.entries(schema.properties).map(([name, property]) => [name, shapeExample(property, resolve)]),
    );
  }
  return schema.type === 'object' ? {} : null;
}
