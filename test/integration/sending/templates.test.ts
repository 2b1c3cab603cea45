import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { GraphTemplate, toTemplate } from '../../../shared/meta/graph-template.ts';
import { templatesWith } from '../../../shared/sending/template-wiring.ts';
import { templateStore } from '../../../shared/store/template-store.ts';
import { realDynamodb } from '../../support/real-dynamodb.ts';

let database: Awaited<ReturnType<typeof realDynamodb>>;
beforeAll(async () => {
  database = await realDynamodb({ templates: ['wabaId', 'nameLanguage'] });
}, 60_000);
afterAll(() => database?.stop());

test('a language sends as soon as Meta has approved it, though another of the template is remembered', async () => {
  const { templateOf } = templatesWith({ TEMPLATES_TABLE_NAME: 'templates' }, database.client);
  const store = templateStore(database.client, 'templates');
  const put = (language: string, status: string) => {
    const listed = { id: language, name: 'hello', language, status, category: 'UTILITY', components: [] };
    return store.put(toTemplate('waba', GraphTemplate.parse(listed), Date.now()));
  };
  const statusOf = (language: string) =>
    templateOf('waba', 'hello', language).then(
      ({ status }) => status,
      (refusal: { code: string }) => refusal.code,
    );
  await put('en_US', 'APPROVED');
  await put('de', 'PENDING');
  expect([await statusOf('en_US'), await statusOf('de'), await statusOf('fr')]).toEqual([
    'APPROVED',
    'template_not_approved',
    'template_not_found',
  ]);
  await put('de', 'APPROVED');
  await put('fr', 'APPROVED');
  expect([await statusOf('de'), await statusOf('fr')]).toEqual(['APPROVED', 'APPROVED']);
});
