import { expect, test } from '@jest/globals';
import type { CallOutcome } from '../../../../shared/meta/graph-client.ts';
import { GraphTemplate } from '../../../../shared/meta/graph-template.ts';
import type { Template } from '../../../../shared/store/template-store.ts';
import { syncTemplates } from '../../../../shared/templates/sync.ts';

type Page = { data: GraphTemplate[]; paging?: { next?: string; cursors?: { after?: string } } };
const listed = (name: string) =>
  GraphTemplate.parse({ id: `9${name}`, name, language: 'en', status: 'APPROVED', category: 'UTILITY' });
const page = (names: string[], after?: string): CallOutcome<Page> => ({
  kind: 'ok',
  value: {
    data: names.map(listed),
    paging: { cursors: { after: after ?? 'end' }, ...(after ? { next: 'more' } : {}) },
  },
});
const refused = (code: number): CallOutcome<Page> => ({ kind: 'refused', error: { code } });

/** The copy holds `old`; Meta answers with the pages, one after the other. */
function sync(pages: CallOutcome<Page>[], old: string[] = []) {
  const rows = new Map(old.map((name) => [`${name}#en`, { wabaId: 'w', nameLanguage: `${name}#en`, syncedAt: 0 }]));
  const asked: (string | null)[] = [];
  const run = syncTemplates({
    graph: {
      listTemplates: async (_wabaId, _token, after) => {
        asked.push(after);
        return pages.shift() ?? refused(1);
      },
    } as Parameters<typeof syncTemplates>[0]['graph'],
    templates: {
      putListed: async (template) =>
        Boolean(
          rows.set(`${template.name}#en`, {
            wabaId: 'w',
            nameLanguage: `${template.name}#en`,
            syncedAt: template.syncedAt,
          }),
        ),
      remove: async ({ nameLanguage }) => rows.delete(nameLanguage),
      list: async () => ({ rows: [...rows.values()] as Template[], last: null }),
    },
    now: () => 1000,
  });
  return { done: run({ wabaId: 'w', accessToken: 't' }), rows, asked };
}

test('all pages are read, and what Meta no longer lists is taken out', async () => {
  const { done, rows, asked } = sync([page(['a', 'b'], 'x'), page(['c'], 'y'), page(['d'])], ['a', 'gone']);
  expect(await done).toEqual({ listed: 4, removed: 1 });
  expect([...rows.keys()].sort()).toEqual(['a#en', 'b#en', 'c#en', 'd#en']);
  expect(asked).toEqual([null, 'x', 'y']);
});

test('131059 begins the list anew, without cursor and without what was read', async () => {
  const { done, asked } = sync([page(['a'], 'x'), refused(131059), page(['a'], 'z'), page(['b'])]);
  expect(await done).toEqual({ listed: 2, removed: 0 });
  expect(asked).toEqual([null, 'x', null, 'z']);
});

test('a list that cannot be read to its end changes nothing', async () => {
  const { done, rows } = sync([page(['b'], 'x'), refused(190)], ['a']);
  await expect(done).rejects.toMatchObject({ code: 'whatsapp_error' });
  expect([...rows.keys()]).toEqual(['a#en']);
});
