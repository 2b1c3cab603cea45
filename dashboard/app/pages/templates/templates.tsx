import Popover from '@cloudscape-design/components/popover';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query';
import { lazy, useState } from 'react';
import { templates } from '../../api/queries.ts';
import type { SyncedTemplates, Template } from '../../api/types.ts';
import { useApi } from '../../auth/session.tsx';
import { useBrandId } from '../../brand.tsx';
import { CursorTable } from '../../components/cursor-table.tsx';
import { ErrorBox } from '../../components/error-box.tsx';
import { useFilters } from '../../components/filters.tsx';
import { GatedButton } from '../../components/gated-button.tsx';
import { Page } from '../../components/page.tsx';
import { RouterLink, useFollow } from '../../components/router-link.tsx';
import { FirstRun } from '../../components/states.tsx';
import { Status } from '../../components/status.tsx';
import { Ago } from '../../components/time.tsx';
import { TEMPLATE_FILTERS } from '../../page-filters.ts';
import { InSplitPanel } from '../../split-panel.tsx';
import { words } from '../../words.ts';
import { DeleteTemplate } from './delete-template.tsx';

const TemplatePanel = lazy(() => import('./template-panel.tsx'));

export default function Templates() {
  const api = useApi();
  const queries = useQueryClient();
  const brand_id = useBrandId();
  const follow = useFollow();
  const filters = useFilters(TEMPLATE_FILTERS);
  const { status = 'ALL', category, name } = filters.values;
  const query = useInfiniteQuery({
    ...templates(api, { brand_id, status, category, name }),
    // Meta's answer to a submission comes by itself.
    refetchInterval: 10_000,
  });
  const [ending, setEnding] = useState<Template>();
  const sync = useMutation({
    mutationFn: () => api.post<SyncedTemplates>('/whatsapp/templates/sync', { brand_id }),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['/whatsapp/templates'] }),
  });
  const fresh = follow('/whatsapp/templates/new');
  const submit = (
    <GatedButton needs="developer" variant="primary" href={fresh.href} onFollow={fresh.onFollow as never}>
      New template
    </GatedButton>
  );
  const rows = query.data?.pages.flatMap(({ data }) => data) ?? [];
  const open = rows.find((one) => keyOf(one) === filters.search.template);
  return (
    <Page
      title="Templates"
      description="What you may send to somebody who has not written in the last 24 hours. Meta approves each."
      actions={
        <SpaceBetween direction="horizontal" size="xs">
          <GatedButton needs="developer" loading={sync.isPending} onClick={() => sync.mutate()}>
            Sync
          </GatedButton>
          {submit}
        </SpaceBetween>
      }
    >
      {sync.isError && <ErrorBox error={sync.error} />}
      {sync.data && <div role="status">{syncWords(sync.data)}</div>}
      <CursorTable
        title="Templates"
        query={query}
        idOf={keyOf}
        filters={filters}
        firstRun={
          <FirstRun title="No templates yet" action={submit}>
            The preset for one-time passwords is approved in about an hour.
          </FirstRun>
        }
        columns={[
          {
            id: 'name',
            header: 'Name',
            isRowHeader: true,
            minWidth: 190,
            cell: (one) => <RouterLink to={`/whatsapp/templates?template=${keyOf(one)}`}>{one.name}</RouterLink>,
          },
          { id: 'language', header: 'Language', minWidth: 100, cell: ({ language }) => language },
          { id: 'category', header: 'Category', minWidth: 140, cell: (one) => words(one.category) },
          { id: 'status', header: 'State', minWidth: 140, cell: StateCell },
          { id: 'quality', header: 'Quality', minWidth: 110, cell: QualityCell },
          { id: 'synced', header: 'Heard of', minWidth: 130, cell: ({ synced_at }) => <Ago iso={synced_at} /> },
        ]}
      />
      {open && (
        <InSplitPanel header={`${open.name}, ${open.language}`} onClose={() => filters.set({ template: undefined })}>
          <TemplatePanel of={open} onDelete={() => setEnding(open)} />
        </InSplitPanel>
      )}
      {ending && (
        <DeleteTemplate
          of={ending}
          onClose={() => setEnding(undefined)}
          onDeleted={() => {
            setEnding(undefined);
            filters.set({ template: undefined });
          }}
        />
      )}
    </Page>
  );
}

const keyOf = ({ name, language }: Template): string => `${name}.${language}`;

function StateCell({ status, rejected_reason }: Template) {
  if (!rejected_reason) return <Status value={status} />;
  return (
    <Popover header="Why Meta said no" content={words(rejected_reason)} triggerType="text" dismissAriaLabel="Close">
      <Status value={status} />
    </Popover>
  );
}

const QualityCell = ({ quality }: Template) => (quality && quality !== 'UNKNOWN' ? <Status value={quality} /> : '–');

const syncWords = ({ listed, removed }: SyncedTemplates): string =>
  `As at Meta now: ${listed} language ${listed === 1 ? 'version' : 'versions'}${removed > 0 ? `, ${removed} gone` : ''}.`;
