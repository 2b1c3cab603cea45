import { expect, test } from '@jest/globals';
import { breakingChanges, type Json } from '../../../shared/openapi/breaking-changes.ts';

/** Where the new document differs, and how; undefined where something is gone. */
type Change = [place: string, value: Json | undefined];

const before = () => ({
  paths: {
    '/send': {
      post: {
        operationId: 'a.send',
        parameters: [{ in: 'query', name: 'limit', schema: { type: 'integer', maximum: 100 } }],
        requestBody: {
          content: {
            'application/json': {
              schema: {
                type: 'object',
                required: ['to'],
                properties: { to: { type: 'string', maxLength: 20 }, kind: { type: 'string', enum: ['a', 'b'] } },
              },
            },
          },
        },
        responses: { 200: { content: { 'application/json': { schema: { $ref: '#/components/schemas/Sent' } } } } },
      },
    },
  },
  components: { schemas: { Sent: { type: 'object', required: ['id'], properties: { id: { type: 'string' } } } } },
});
const SENT = 'components schemas Sent';
const BODY = 'paths /send post requestBody content application/json schema';

function changes([place, value]: Change): string[] {
  const document = before() as { [key: string]: Json };
  const path = place.split(' ');
  const last = path.pop() ?? '';
  let node = document;
  for (const key of path) node = node[key] as { [key: string]: Json };
  if (value === undefined) delete node[last];
  else node[last] = value;
  return breakingChanges(before() as Json, document);
}

test.each<[string, ...Change]>([
  ['a path that is gone', 'paths /send', undefined],
  ['a field of an answer that is gone', `${SENT} properties id`, undefined],
  ['a field of an answer that may be absent', `${SENT} required`, []],
  ['an answer that may be null', `${SENT} properties id type`, ['string', 'null']],
  ['a field that is now required', `${BODY} required`, ['to', 'kind']],
  ['a value that is gone', `${BODY} properties kind enum`, ['a']],
  ['a narrower limit', `${BODY} properties to maxLength`, 10],
  ['a new limit', `${BODY} properties to minLength`, 5],
  ['a parameter that is gone', 'paths /send post parameters', []],
  ['a status that is gone', 'paths /send post responses 200', undefined],
  ['another operation id', 'paths /send post operationId', 'x.y'],
])('%s breaks clients', (_name, ...change) => {
  expect(changes(change)).toHaveLength(1);
});

test.each<[string, ...Change]>([
  ['a new field of an answer', `${SENT} properties at`, { type: 'string' }],
  ['a new field that may be given', `${BODY} properties more`, { type: 'string' }],
  ['a wider limit', `${BODY} properties to maxLength`, 30],
  ['a new value', `${BODY} properties kind enum`, ['a', 'b', 'c']],
  ['a field that no longer has to be given', `${BODY} required`, []],
])('%s breaks nobody', (_name, ...change) => {
  expect(changes(change)).toEqual([]);
});
