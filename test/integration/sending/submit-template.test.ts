import { ScanCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { makeAtMeta } from '../../../functions/submit-template/make-at-meta.ts';
import { submitTemplate } from '../../../functions/submit-template/submit-template.ts';
import { changeLog } from '../../../shared/audit/change-log.ts';
import { createOnce } from '../../../shared/audit/create-once.ts';
import { newId } from '../../../shared/ids.ts';
import { GraphTemplate, toTemplate } from '../../../shared/meta/graph-template.ts';
import { idempotencyStore } from '../../../shared/store/idempotency-store.ts';
import { templateStore } from '../../../shared/store/template-store.ts';
import { syncTemplates } from '../../../shared/templates/sync.ts';
import { realDynamodb } from '../../support/real-dynamodb.ts';

let database: Awaited<ReturnType<typeof realDynamodb>>;
beforeAll(async () => {
  database = await realDynamodb({
    templates: ['wabaId', 'nameLanguage'],
    'audit-log': ['organisationId', 'entryId'],
    idempotency: ['id'],
  });
}, 60_000);
afterAll(() => database?.stop());

type Submit = ReturnType<typeof submitTemplate>;
type Calls = Parameters<typeof makeAtMeta>[0];
type Created = Awaited<ReturnType<Calls['create']>>;
const TAKEN: Created = { kind: 'refused', error: { code: 100, error_subcode: 2_388_024 } };
const REFUSED: Created = { kind: 'refused', error: { code: 100, message: 'not so' } };
const UNREACHED: Created = { kind: 'failed', cause: new Error('timeout') } as Created;
const MADE: Created = { kind: 'ok', value: { id: '700', status: 'PENDING', category: 'UTILITY' } };

/** A WABA of its own at a Meta that answers creations as told, one after the other. */
function account(...answers: (() => Created | Promise<Created>)[]) {
  const [wabaId, organisationId] = [newId('org', Date.now()), newId('org', Date.now())];
  const templates = templateStore(database.client, 'templates');
  let later = 0;
  const now = () => Date.now() + later;
  const meta = { isListed: false };
  const listed = (name: string, language: string) =>
    GraphTemplate.parse({ id: '700', name, language, status: 'PENDING', category: 'UTILITY' });
  const submit = submitTemplate({
    brands: { ofOrganisation: async () => ({}) },
    connections: { activeOfBrand: async () => ({ wabaId, brandId: 'brd_a' }) },
    templates,
    atMeta: makeAtMeta({
      create: async () => {
        const answer = answers.shift();
        if (!answer) throw new Error('Meta was not to be asked for another one');
        return answer();
      },
      find: async (_waba, _token, name, language) => ({
        kind: 'ok',
        value: meta.isListed ? listed(name, language) : null,
      }),
    }),
    secretOf: async () => ({ access_token: 'token' }),
    create: createOnce({
      changes: changeLog(database.client, 'audit-log', Date.now),
      idempotency: idempotencyStore(database.client, 'idempotency'),
      signingKey: async () => 'a key of sixteen characters',
      now: Date.now,
    }),
    now,
  } as unknown as Parameters<typeof submitTemplate>[0]);
  const rowsOf = async (TableName: string) =>
    (await database.client.send(new ScanCommand({ TableName, ConsistentRead: true }))).Items ?? [];
  return {
    meta,
    listed,
    wabaId,
    templates,
    pass: (ms: number) => {
      later += ms;
    },
    /** A sync that Meta lists nothing for. */
    sync: () =>
      syncTemplates({
        graph: { listTemplates: async () => ({ kind: 'ok', value: { data: [] } }) },
        templates,
        now,
      })({ wabaId, accessToken: 'token' }),
    /** @returns the answer, or the code of what was refused */
    submit: (text = 'Your order is on its way.', idempotencyKey: string | null = null, examples = {}) =>
      submit({
        ...{ organisationId, memberId: 'mem_1', email: 'owner@shop.example', requestId: 'request' },
        ...{ route: 'POST /whatsapp/templates', instance: '/whatsapp/templates', idempotencyKey },
        body: {
          brand_id: 'brd_a',
          kind: 'message',
          name: 'on_way',
          language: 'en',
          category: 'UTILITY',
          body: { text, examples },
        },
      } as Parameters<Submit>[0]).then(
        ({ statusCode, body }) => ({ statusCode, body: JSON.parse(body) as Record<string, unknown> }),
        (refusal: { code?: string }) => {
          if (!refusal.code) throw refusal;
          return refusal.code;
        },
      ),
    rows: async () => (await rowsOf('templates')).filter((row) => row.wabaId === wabaId),
    lines: async () => (await rowsOf('audit-log')).filter((line) => line.organisationId === organisationId),
  };
}

/** A creation that Meta takes its time for: it holds the name, and lists it with its answer. */
function slow(answer: Created) {
  const { promise: asked, resolve: ask } = Promise.withResolvers<void>();
  const { promise: answered, resolve } = Promise.withResolvers<Created>();
  const create = () => {
    ask();
    return answered;
  };
  return { create, asked, answer: () => resolve(answer) };
}

test.each([
  ['another request', null],
  ['the same one', 'key-1'],
])('%s at the same time takes nothing from the one that is at Meta', async (_what, key) => {
  const first = slow(MADE);
  const one = account(first.create, () => TAKEN);
  const made = one.submit(undefined, key);
  await first.asked;
  expect(await one.submit(undefined, key)).toBe('template_exists');
  first.answer();
  expect(await made).toMatchObject({ statusCode: 201, body: { id: '700' } });
  expect(await one.rows()).toMatchObject([{ templateId: '700', name: 'on_way' }]);
  expect(await one.lines()).toHaveLength(1);
});

test('who is told that Meta has it finds it there, and of two one submitted it', async () => {
  const first = slow(MADE);
  const one = account(first.create, () => {
    one.meta.isListed = true;
    return TAKEN;
  });
  const slower = one.submit();
  await first.asked;
  expect(await one.submit()).toMatchObject({ statusCode: 201, body: { id: '700' } });
  first.answer();
  expect(await slower).toBe('template_exists');
  expect(await one.rows()).toMatchObject([{ templateId: '700' }]);
  expect(await one.lines()).toHaveLength(1);
});

test('what Meta refuses leaves nothing behind, and may be submitted again', async () => {
  const one = account(
    () => REFUSED,
    () => MADE,
  );
  expect(await one.submit()).toBe('whatsapp_error');
  expect(await one.rows()).toEqual([]);
  expect(await one.submit()).toMatchObject({ statusCode: 201 });
});

test('one that a listing wrote down meanwhile is confirmed still', async () => {
  const first = slow(MADE);
  const one = account(first.create);
  const made = one.submit();
  await first.asked;
  await one.templates.putListed(toTemplate(one.wabaId, one.listed('on_way', 'en'), Date.now()));
  first.answer();
  expect(await made).toMatchObject({ statusCode: 201 });
  expect(await one.lines()).toHaveLength(1);
});

test('one whose answer was lost is found by the next try', async () => {
  const one = account(() => UNREACHED);
  expect(await one.submit()).toBe('whatsapp_unreachable');
  one.meta.isListed = true;
  expect(await one.submit()).toMatchObject({ statusCode: 201, body: { id: '700' } });
});

test('a sync whose listing lacks what is being submitted, or was just now, leaves it', async () => {
  const first = slow(MADE);
  const one = account(first.create);
  const made = one.submit();
  await first.asked;
  one.pass(1000);
  expect(await one.sync()).toEqual({ listed: 0, removed: 0 });
  first.answer();
  expect(await made).toMatchObject({ statusCode: 201 });
  expect(await one.sync()).toEqual({ listed: 0, removed: 0 });
  expect(await one.rows()).toMatchObject([{ templateId: '700' }]);
  one.pass(2 * 60_000);
  expect(await one.sync()).toEqual({ listed: 0, removed: 1 });
  expect(await one.rows()).toEqual([]);
});

test('what a request left that died is taken out by a sync, unless somebody took it up again', async () => {
  const second = slow(MADE);
  const one = account(() => UNREACHED, second.create);
  await one.submit();
  one.pass(3 * 60_000);
  const made = one.submit();
  await second.asked;
  one.pass(1000);
  expect(await one.sync()).toEqual({ listed: 0, removed: 0 });
  second.answer();
  expect(await made).toMatchObject({ statusCode: 201 });
});

test('one that only a listing wrote down is taken out as soon as a listing lacks it', async () => {
  const one = account();
  await one.templates.putListed(toTemplate(one.wabaId, one.listed('old', 'en'), Date.now()));
  one.pass(1000);
  expect(await one.sync()).toEqual({ listed: 0, removed: 1 });
});

test('one whose answer was lost is not answered as another: Meta looks at what it was sent first', async () => {
  const one = account(() => UNREACHED);
  await one.submit('Your order is on its way.');
  one.meta.isListed = true;
  expect(await one.submit('Your order has left.')).toBe('template_exists');
  expect(await one.lines()).toEqual([]);
  expect(await one.submit('Your order is on its way.')).toMatchObject({ statusCode: 201, body: { id: '700' } });
});

test('where Meta never took the first one, the next may say something else', async () => {
  const one = account(
    () => UNREACHED,
    () => MADE,
  );
  await one.submit('Your order is on its way.');
  expect(await one.submit('Hello {{name}}, your order has left.', null, { name: 'Ada' })).toMatchObject({
    statusCode: 201,
  });
  expect(await one.rows()).toMatchObject([
    { templateId: '700', parameterFormat: 'NAMED', components: [{ text: 'Hello {{name}}, your order has left.' }] },
  ]);
});
