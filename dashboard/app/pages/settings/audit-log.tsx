import Button from '@cloudscape-design/components/button';
import { useInfiniteQuery, useMutation } from '@tanstack/react-query';
import { auditLog } from '../../api/queries.ts';
import type { AuditEntry } from '../../api/types.ts';
import { useApi } from '../../auth/session.tsx';
import { CopyId } from '../../components/copy-id.tsx';
import { CursorTable } from '../../components/cursor-table.tsx';
import { ErrorBox } from '../../components/error-box.tsx';
import { useFilters, useSince } from '../../components/filters.tsx';
import { Page } from '../../components/page.tsx';
import { FirstRun } from '../../components/states.tsx';
import { Time } from '../../components/time.tsx';
import { AUDIT_FILTERS } from '../../page-filters.ts';
import { actionWords, words } from '../../words.ts';

export default function AuditLog() {
  const api = useApi();
  const filters = useFilters(AUDIT_FILTERS);
  const { since, ...asked } = filters.values;
  const wish = { ...asked, since: useSince(since) };
  const query = useInfiniteQuery(auditLog(api, wish));
  const csv = useMutation({
    mutationFn: () => api.text('/audit-log', { ...wish, format: 'csv' }),
    onSuccess: (text) => save(text, `audit-log-${new Date().toISOString().slice(0, 10)}.csv`),
  });
  return (
    <Page
      title="Audit log"
      description="Who changed what, and when. Nobody can change it."
      actions={
        <Button iconName="download" loading={csv.isPending} onClick={() => csv.mutate()}>
          Download as CSV
        </Button>
      }
    >
      {csv.isError && <ErrorBox error={csv.error} />}
      <CursorTable
        title="Changes"
        query={query}
        idOf={({ id }) => id}
        filters={filters}
        firstRun={
          <FirstRun title="Nothing was changed yet">Keys, connections, people: every change is listed here.</FirstRun>
        }
        columns={[
          { id: 'at', header: 'When', minWidth: 190, cell: ({ at }) => <Time iso={at} /> },
          { id: 'who', header: 'Who', minWidth: 190, cell: ({ actor }) => actor.email ?? words(actor.kind) },
          { id: 'what', header: 'What', isRowHeader: true, minWidth: 190, cell: ({ action }) => actionWords(action) },
          {
            id: 'target',
            header: 'Of',
            minWidth: 330,
            cell: ({ target }) => <CopyId value={target.id} label={`${target.type} id`} />,
          },
          { id: 'change', header: 'Change', minWidth: 260, cell: ChangeCell },
        ]}
      />
    </Page>
  );
}

function ChangeCell({ before, after }: AuditEntry) {
  const names = [...new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})])];
  const changed = names.filter((name) => JSON.stringify(before?.[name]) !== JSON.stringify(after?.[name]));
  if (changed.length === 0) return '–';
  return (
    <span title={JSON.stringify({ before, after }, null, 1)}>
      {changed.map((name) => `${name}: ${shown(before?.[name])} → ${shown(after?.[name])}`).join('; ')}
    </span>
  );
}

const shown = (value: unknown): string =>
  value === undefined || value === null ? '–' : typeof value === 'string' ? value : JSON.stringify(value);

function save(text: string, name: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([text], { type: 'text/csv' }));
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}
