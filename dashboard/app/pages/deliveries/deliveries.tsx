import SpaceBetween from '@cloudscape-design/components/space-between';
import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query';
import { lazy, Suspense, useState } from 'react';
import { events } from '../../api/queries.ts';
import type { Event } from '../../api/types.ts';
import { useApi } from '../../auth/session.tsx';
import { useBrandId } from '../../brand.tsx';
import { CopyId } from '../../components/copy-id.tsx';
import { CursorTable } from '../../components/cursor-table.tsx';
import { ErrorBox } from '../../components/error-box.tsx';
import { useFilters, useSince } from '../../components/filters.tsx';
import { GatedButton } from '../../components/gated-button.tsx';
import { Page } from '../../components/page.tsx';
import { LinkButton, RouterLink } from '../../components/router-link.tsx';
import { FirstRun } from '../../components/states.tsx';
import { Status } from '../../components/status.tsx';
import { Time } from '../../components/time.tsx';
import { EVENT_FILTERS } from '../../page-filters.ts';
import { InSplitPanel } from '../../split-panel.tsx';
import { EventsByHour } from './events-by-hour.tsx';

// What is opened later comes later.
const EventView = lazy(() => import('./event-view.tsx'));
const RecoverModal = lazy(() => import('./recover-modal.tsx'));

export default function Deliveries() {
  const api = useApi();
  const queries = useQueryClient();
  const brand_id = useBrandId();
  const filters = useFilters(EVENT_FILTERS);
  const { status, type, since } = filters.values;
  const query = useInfiniteQuery({
    ...events(api, { brand_id, status, type, since: useSince(since) }),
    refetchInterval: 15_000,
  });
  const [chosen, setChosen] = useState<Event[]>([]);
  const [isRecovering, setRecovering] = useState(false);
  const replay = useMutation({
    mutationFn: (ids: string[]) =>
      Promise.all(ids.map((id) => api.post(`/webhooks/events/${id}/replay`, {}, { brand_id }))),
    onSettled: () => {
      setChosen([]);
      void queries.invalidateQueries({ queryKey: ['/webhooks/events'] });
    },
  });
  const open = filters.search.event;
  return (
    <Page
      title="Webhook deliveries"
      description="Every event for your endpoint, and each attempt to bring it there. Kept for 30 days."
      actions={
        <SpaceBetween direction="horizontal" size="xs">
          <LinkButton to="/webhooks/recoveries">Recoveries</LinkButton>
          <GatedButton needs="developer" onClick={() => setRecovering(true)}>
            Recover many
          </GatedButton>
        </SpaceBetween>
      }
    >
      {replay.isError && <ErrorBox error={replay.error} />}
      {(query.data?.pages[0]?.data.length ?? 0) > 0 && <EventsByHour filter={filters.values} />}
      <CursorTable
        title="Deliveries"
        query={query}
        idOf={({ id }) => id}
        selection={{ items: chosen, onChange: setChosen, nameOf: ({ id }) => id }}
        actions={
          <GatedButton
            needs="developer"
            disabled={chosen.length === 0}
            loading={replay.isPending}
            onClick={() => replay.mutate(chosen.map(({ id }) => id))}
          >
            {`Replay selected (${chosen.length})`}
          </GatedButton>
        }
        filters={filters}
        firstRun={
          <FirstRun
            title="Nothing to deliver yet"
            action={<LinkButton to="/whatsapp/connection">Send a test event</LinkButton>}
          >
            An event is listed from its first attempt on.
          </FirstRun>
        }
        columns={[
          {
            id: 'event',
            header: 'Event',
            isRowHeader: true,
            minWidth: 330,
            cell: ({ id }) => <CopyId value={id} label="event id" />,
          },
          {
            id: 'type',
            header: 'Type',
            minWidth: 190,
            cell: (event) => (
              <RouterLink to={`/webhooks/deliveries?${withEvent(filters.search, event.id)}`}>{event.type}</RouterLink>
            ),
          },
          { id: 'status', header: 'State', minWidth: 120, cell: ({ status: now }) => <Status value={now} /> },
          { id: 'attempts', header: 'Attempts', minWidth: 95, cell: ({ attempts_made }) => attempts_made },
          { id: 'at', header: 'Happened', minWidth: 190, cell: ({ occurred_at }) => <Time iso={occurred_at} /> },
          { id: 'next', header: 'Next attempt', minWidth: 190, cell: (event) => <Time iso={event.next_attempt_at} /> },
        ]}
      />
      {open && (
        <InSplitPanel header="Delivery" onClose={() => filters.set({ event: undefined })}>
          <EventView id={open} isPanel />
        </InSplitPanel>
      )}
      {isRecovering && (
        <Suspense>
          <RecoverModal since={since} onClose={() => setRecovering(false)} />
        </Suspense>
      )}
    </Page>
  );
}

const withEvent = (search: Record<string, string | undefined>, event: string): string => {
  const known = Object.entries({ ...search, event }).filter(
    (entry): entry is [string, string] => entry[1] !== undefined,
  );
  return new URLSearchParams(known).toString();
};
