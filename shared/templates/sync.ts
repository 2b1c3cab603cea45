import type { Now } from '../clock.ts';
import { inParallel } from '../in-parallel.ts';
import { requireOk } from '../meta/call-outcome.ts';
import type { GraphClient } from '../meta/graph-client.ts';
import { type GraphTemplate, toTemplate } from '../meta/graph-template.ts';
import type { TemplateStore } from '../store/template-store.ts';

type Deps = {
  graph: Pick<GraphClient, 'listTemplates'>;
  templates: Pick<TemplateStore, 'putListed' | 'remove' | 'list'>;
  now: Now;
};

/** Meta's word for a paging cursor it no longer takes: the list is begun anew (meta-cloud-api §4.1). */
const INVALID_CURSOR = 131059;
const MAX_RESTARTS = 3;
/** 6,000 templates, each in several languages, 100 in a page. */
const MAX_PAGES = 1000;
const ROWS_AT_ONCE = 100;
/** A job syncs several WABAs side by side, each with so many. */
const WRITES_AT_ONCE = 4;

/**
 * Makes our copy of a WABA's templates what Meta lists: writes every one, and takes out what Meta no longer has.
 * @returns how many there are, and how many were taken out
 * @throws ApiError as `requireOk` does; the copy then keeps what it had
 */
export const syncTemplates =
  ({ graph, templates, now }: Deps) =>
  async (account: { wabaId: string; accessToken: string }): Promise<{ listed: number; removed: number }> => {
    const startedAt = now();
    const listed = await listAll(graph, account);
    const { wabaId } = account;
    await inParallel(listed, WRITES_AT_ONCE, async (template) => {
      await templates.putListed(toTemplate(wabaId, template, startedAt));
    });

    const current = new Set(listed.map(({ name, language }) => `${name}#${language}`));
    let removed = 0;
    for (let after: string | null = null, isMore = true; isMore; ) {
      const page: Awaited<ReturnType<TemplateStore['list']>> = await templates.list(wabaId, {
        after,
        limit: ROWS_AT_ONCE,
      });
      for (const row of page.rows.filter(({ nameLanguage }) => !current.has(nameLanguage))) {
        if (await templates.remove(row, startedAt)) removed += 1;
      }
      after = page.last;
      isMore = after !== null;
    }
    return { listed: listed.length, removed };
  };

async function listAll(
  graph: Deps['graph'],
  { wabaId, accessToken }: { wabaId: string; accessToken: string },
): Promise<GraphTemplate[]> {
  let all: GraphTemplate[] = [];
  let restarts = 0;
  let after: string | null = null;
  for (let page = 0; page < MAX_PAGES; page++) {
    const outcome = await graph.listTemplates(wabaId, accessToken, after);
    if (outcome.kind === 'refused' && outcome.error.code === INVALID_CURSOR && restarts < MAX_RESTARTS) {
      restarts += 1;
      all = [];
      after = null;
      continue;
    }
    const {
      data,
      paging,
    }: {
      data: GraphTemplate[];
      paging?: { next?: string | undefined; cursors?: { after?: string | undefined } | undefined } | undefined;
    } = requireOk(outcome);
    all.push(...data);
    after = paging?.cursors?.after ?? null;
    if (paging?.next === undefined || after === null) return all;
  }
  throw new Error('Meta lists templates without end');
}
