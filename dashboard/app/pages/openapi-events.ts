/** As much of a schema as is shown. */
type Schema = {
  $ref?: string;
  type?: string | string[];
  description?: string;
  enum?: unknown[];
  const?: unknown;
  example?: unknown;
  examples?: unknown[];
  properties?: Record<string, Schema>;
  items?: Schema;
  oneOf?: Schema[];
  anyOf?: Schema[];
};
type Webhook = {
  post?: {
    description?: string;
    requestBody?: {
      content?: Record<string, { schema?: Schema; example?: unknown; examples?: Record<string, { value?: unknown }> }>;
    };
  };
};
export type OpenApi = { webhooks?: Record<string, Webhook>; components?: { schemas?: Record<string, Schema> } };

export type Field = { path: string; type: string; description: string };
export type CatalogueEvent = { type: string; description: string; fields: Field[]; sample: unknown };

/** How deep a table of fields goes: below that the sample says more. */
const DEPTH = 4;

export function eventsOf({ webhooks = {}, components }: OpenApi): CatalogueEvent[] {
  const follow = (schema: Schema = {}): Schema => {
    const name = schema.$ref?.split('/').at(-1);
    return name === undefined
      ? schema
      : { ...follow(components?.schemas?.[name]), ...(schema.description && { description: schema.description }) };
  };

  function fieldsOf(schema: Schema, before = '', depth = 0): Field[] {
    const { properties, items, oneOf, anyOf } = follow(schema);
    const branches = (oneOf ?? anyOf ?? []).map(follow).filter(({ type }) => type !== 'null');
    if (!properties && branches.length === 1) return fieldsOf(branches[0] ?? {}, before, depth);
    if (!properties && items) return fieldsOf(items, `${before}[]`, depth);
    return Object.entries(properties ?? {}).flatMap(([name, one]) => {
      const path = before === '' ? name : `${before}.${name}`;
      const own = follow(one);
      const field = { path, type: typeOf(own), description: own.description ?? '' };
      return depth >= DEPTH ? [field] : [field, ...fieldsOf(own, path, depth + 1)];
    });
  }

  function typeOf(schema: Schema): string {
    const { type, enum: values, const: value, oneOf, anyOf } = follow(schema);
    if (value !== undefined) return JSON.stringify(value);
    if (values) return values.map((one) => JSON.stringify(one)).join(', ');
    const branches = oneOf ?? anyOf;
    if (branches) return [...new Set(branches.map(typeOf))].join(' or ');
    return [type ?? 'any'].flat().join(' or ');
  }

  function sampleOf(schema: Schema, depth = 0): unknown {
    const { example, examples, const: value, enum: values, properties, items, oneOf, anyOf, type } = follow(schema);
    const given = example ?? examples?.[0] ?? value ?? values?.[0];
    if (given !== undefined) return given;
    if (properties && depth < 8)
      return Object.fromEntries(Object.entries(properties).map(([name, one]) => [name, sampleOf(one, depth + 1)]));
    const branch = (oneOf ?? anyOf)?.[0];
    if (branch) return sampleOf(branch, depth + 1);
    if (items) return [sampleOf(items, depth + 1)];
    return [type].flat().includes('object') ? {} : null;
  }

  return Object.entries(webhooks).map(([type, { post }]) => {
    const content = post?.requestBody?.content?.['application/json'];
    const schema = follow(content?.schema);
    const sample = content?.example ?? Object.values(content?.examples ?? {})[0]?.value ?? sampleOf(schema);
    return { type, description: post?.description ?? schema.description ?? '', fields: fieldsOf(schema), sample };
  });
}
