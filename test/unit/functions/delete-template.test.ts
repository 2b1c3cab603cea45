import { expect, test } from '@jest/globals';
import { deleteTemplate } from '../../../functions/delete-template/delete-template.ts';
import { GraphTemplate } from '../../../shared/meta/graph-template.ts';

const row = (language: string, templateId: string) => ({
  ...{ wabaId: 'waba', nameLanguage: `order_update#${language}`, name: 'order_update', language, templateId },
  ...{ status: 'PENDING', category: 'UTILITY', components: [], syncedAt: 0 },
});

/** @param atMeta language → id of what Meta has */
async function remove(rows: ReturnType<typeof row>[], atMeta: Record<string, string>, language?: string) {
  const removed: (string | null)[] = [];
  const committed: unknown[] = [];
  const answer = await deleteTemplate({
    brands: { ofOrganisation: async () => ({}) },
    connections: { activeOfBrand: async () => ({ wabaId: 'waba', brandId: 'brd_a' }) },
    templates: { versionsOf: async () => rows, removing: (version: { language: string }) => version.language },
    calls: {
      find: async (_waba: string, _token: string, name: string, wanted: string) => {
        const id = atMeta[wanted];
        const value = id ? GraphTemplate.parse({ id, name, language: wanted, status: 'PENDING', category: 'U' }) : null;
        return { kind: 'ok', value };
      },
      remove: async (_waba: string, _token: string, _name: string, id: string | null) => {
        removed.push(id);
        return { kind: 'ok', value: { success: true } };
      },
    },
    secretOf: async () => ({ access_token: 'token' }),
    changes: { commit: async (_change: unknown, writes: unknown[]) => void committed.push(...writes) },
  } as unknown as Parameters<typeof deleteTemplate>[0])({
    ...{ organisationId: 'org_a', memberId: 'mem_1', email: 'owner@shop.example', requestId: 'request' },
    ...{ params: { name: 'order_update' }, query: { brand_id: 'brd_a', language } },
  } as Parameters<ReturnType<typeof deleteTemplate>>[0]);
  return { statusCode: answer.statusCode, removed, committed };
}

test.each<[string, string, Record<string, string>, (string | null)[]]>([
  ['known here goes by its id', '700', { en: '700', de: '701' }, ['700']],
  ['never confirmed goes by the id that Meta has', '', { en: '700', de: '701' }, ['700']],
  ['never confirmed, that Meta has not, is only ours', '', { de: '701' }, []],
])('a version %s; the other language stays', async (_what, templateId, atMeta, removed) => {
  const rows = [row('de', '701'), row('en', templateId)];
  expect(await remove(rows, atMeta, 'en')).toEqual({ statusCode: 200, removed, committed: ['en'] });
});

test('all languages go by the name alone', async () => {
  const rows = [row('de', '701'), row('en', '')];
  expect(await remove(rows, {})).toEqual({ statusCode: 200, removed: [null], committed: ['de', 'en'] });
});
