export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
type Node = { [key: string]: Json };

const isNode = (value: Json | undefined): value is Node =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const at = (value: Json | undefined, ...path: string[]): Json | undefined =>
  path.reduce<Json | undefined>((inner, key) => (isNode(inner) ? inner[key] : undefined), value);
const entries = (value: Json | undefined): [string, Json][] => (isNode(value) ? Object.entries(value) : []);
const list = (value: Json | undefined): Json[] => (Array.isArray(value) ? value : []);

/**
 * What a client of the old document could trip over with the new one, in words; empty when there is nothing.
 * Requests may take more and ask for less; answers may tell more and leave out nothing.
 */
export function breakingChanges(before: Json, after: Json): string[] {
  const found: string[] = [];
  const say = (place: string, what: string) => void found.push(`${place}: ${what}`);
  const compare = comparer(before, after, say);
  for (const [path, methods] of entries(at(before, 'paths'))) {
    for (const [method, old] of entries(methods)) {
      const place = `${method.toUpperCase()} ${path}`;
      const operation = at(after, 'paths', path, method);
      if (!operation) say(place, 'is gone');
      else compareOperation(old, operation, place, compare, say);
    }
  }
  for (const [name, webhook] of entries(at(before, 'webhooks'))) {
    const body = (document: Json | undefined) =>
      at(document, 'post', 'requestBody', 'content', 'application/json', 'schema');
    const now = at(after, 'webhooks', name);
    if (now) compare('answer', body(webhook), body(now), `event ${name}`);
    else say(`event ${name}`, 'is gone');
  }
  return found;
}

type Say = (place: string, what: string) => void;
type Compare = (side: 'request' | 'answer', before: Json | undefined, after: Json | undefined, place: string) => void;

function compareOperation(before: Json, after: Json, place: string, compare: Compare, say: Say): void {
  if (at(before, 'operationId') !== at(after, 'operationId')) say(place, 'has another operationId');
  if (at(before, 'x-quixess-scope') !== at(after, 'x-quixess-scope')) say(place, 'needs another scope');
  if (at(before, 'x-quixess-role') !== at(after, 'x-quixess-role')) say(place, 'needs another role');
  const parameters = (operation: Json) =>
    new Map(list(at(operation, 'parameters')).map((one) => [`${at(one, 'in')} ${at(one, 'name')}`, one]));
  const [old, now] = [parameters(before), parameters(after)];
  for (const [name, parameter] of old) {
    if (!now.has(name)) say(place, `${name} is gone`);
    else compare('request', at(parameter, 'schema'), at(now.get(name), 'schema'), `${place} ${name}`);
  }
  for (const [name, parameter] of now)
    if (at(parameter, 'required') === true && at(old.get(name), 'required') !== true)
      say(place, `${name} is now required`);
  const body = (operation: Json) => at(operation, 'requestBody', 'content', 'application/json', 'schema');
  compare('request', body(before), body(after), `${place} body`);
  for (const [status, response] of entries(at(before, 'responses'))) {
    for (const [type, content] of entries(at(response, 'content'))) {
      const schema = at(after, 'responses', status, 'content', type, 'schema');
      if (schema === undefined) say(place, `no longer answers ${status} as ${type}`);
      else compare('answer', at(content, 'schema'), schema, `${place} ${status}`);
    }
  }
}

function comparer(before: Json, after: Json, say: Say): Compare {
  const seen = new Set<string>();
  const resolved = (document: Json, schema: Json | undefined): Json | undefined => {
    const ref = at(schema, '$ref');
    return typeof ref === 'string' ? at(document, ...ref.slice(2).split('/')) : schema;
  };
  const compare: Compare = (side, oldSchema, newSchema, place) => {
    // A shared schema is compared once for each side it is on.
    const key = `${side} ${String(at(oldSchema, '$ref') ?? place)}`;
    if (seen.has(key)) return;
    seen.add(key);
    const [old, now] = [resolved(before, oldSchema), resolved(after, newSchema)];
    if (!isNode(old) || !isNode(now)) {
      if (old !== undefined && now === undefined) say(place, 'is gone');
      return;
    }
    compareTypes(side, old, now, place, say);
    compareEnums(side, old, now, place, say);
    const [oldRequired, newRequired] = [list(old.required), list(now.required)];
    for (const [name, property] of entries(old.properties)) {
      const next = at(now, 'properties', name);
      if (next === undefined) say(`${place}.${name}`, 'is gone');
      else compare(side, property, next, `${place}.${name}`);
      if (side === 'answer' && oldRequired.includes(name) && !newRequired.includes(name))
        say(`${place}.${name}`, 'may now be absent');
    }
    if (side === 'request') {
      for (const name of newRequired)
        if (!oldRequired.includes(name)) say(`${place}.${String(name)}`, 'is now required');
      for (const [name, isWorse] of LIMITS) {
        const [was, is] = [old[name], now[name]];
        if (typeof is === 'number' && (typeof was !== 'number' || isWorse(was, is))) say(place, `${name} is now ${is}`);
      }
    }
    compare(side, old.items, now.items, `${place}[]`);
  };
  return compare;
}

const LIMITS: readonly [string, (was: number, is: number) => boolean][] = [
  ...['maxLength', 'maximum', 'maxItems'].map((name): [string, (was: number, is: number) => boolean] => [
    name,
    (was, is) => is < was,
  ]),
  ...['minLength', 'minimum', 'minItems'].map((name): [string, (was: number, is: number) => boolean] => [
    name,
    (was, is) => is > was,
  ]),
];

const typesOf = ({ type }: Node): Json[] => (Array.isArray(type) ? type : type === undefined ? [] : [type]);

/** Requests must not take less; answers must not be of a kind that was not told. */
function compareTypes(side: 'request' | 'answer', old: Node, now: Node, place: string, say: Say): void {
  const [was, is] = [typesOf(old), typesOf(now)];
  if (was.length === 0 || is.length === 0) return;
  const [must, have] = side === 'request' ? [was, is] : [is, was];
  for (const type of must) {
    const isCovered = have.includes(type) || (type === 'integer' && have.includes('number'));
    if (!isCovered) say(place, side === 'request' ? `no longer takes ${String(type)}` : `may now be ${String(type)}`);
  }
}

/** A value that is no longer taken breaks senders, and one that no longer comes breaks who waits for it. New ones may come: the document says so. */
function compareEnums(_side: 'request' | 'answer', old: Node, now: Node, place: string, say: Say): void {
  if (!Array.isArray(old.enum) || !Array.isArray(now.enum)) return;
  for (const value of old.enum) if (!now.enum.includes(value)) say(place, `${String(value)} is gone`);
}
