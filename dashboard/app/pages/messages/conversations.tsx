import { useInfiniteQuery } from '@tanstack/react-query';
import { conversations } from '../../api/queries.ts';
import type { Conversation } from '../../api/types.ts';
import { useApi } from '../../auth/session.tsx';
import { useBrandId } from '../../brand.tsx';
import { CopyId } from '../../components/copy-id.tsx';
import { CursorTable } from '../../components/cursor-table.tsx';
import { useFilters } from '../../components/filters.tsx';
import { Page } from '../../components/page.tsx';
import { RouterLink } from '../../components/router-link.tsx';
import { FirstRun } from '../../components/states.tsx';
import { Status } from '../../components/status.tsx';
import { Ago, Time } from '../../components/time.tsx';
import { CONVERSATION_FILTERS } from '../../page-filters.ts';
import { InSplitPanel } from '../../split-panel.tsx';
import { messageText, whoOf } from './message-text.ts';
import { Thread } from './thread.tsx';

export default function Conversations() {
  const api = useApi();
  const brand_id = useBrandId();
  const filters = useFilters(CONVERSATION_FILTERS);
  const query = useInfiniteQuery({ ...conversations(api, { brand_id, ...filters.values }), refetchInterval: 15_000 });
  const open = filters.search.conversation;
  return (
    <Page
      title="Conversations"
      description="People who wrote to the brand. Free replies are possible for 24 hours after they last did."
    >
      <CursorTable
        title="Conversations"
        query={query}
        idOf={({ id }) => id}
        filters={filters}
        firstRun={
          <FirstRun title="Nobody has written yet">A conversation begins with the first message of a person.</FirstRun>
        }
        columns={[
          {
            id: 'who',
            header: 'Person',
            isRowHeader: true,
            minWidth: 160,
            cell: (one) => <RouterLink to={`/whatsapp/conversations?conversation=${one.id}`}>{whoOf(one)}</RouterLink>,
          },
          {
            id: 'last',
            header: 'Last message',
            minWidth: 260,
            cell: ({ last_message }) => (last_message ? messageText(last_message) : '–'),
          },
          {
            id: 'wrote',
            header: 'Last wrote',
            minWidth: 130,
            cell: ({ last_inbound_at }) => <Ago iso={last_inbound_at} />,
          },
          { id: 'window', header: 'Replies', minWidth: 260, cell: WindowCell },
          {
            id: 'id',
            header: 'Conversation id',
            minWidth: 330,
            cell: ({ id }) => <CopyId value={id} label="conversation id" />,
          },
        ]}
      />
      {open && (
        <InSplitPanel header="Conversation" onClose={() => filters.set({ conversation: undefined })}>
          <Thread id={open} />
        </InSplitPanel>
      )}
    </Page>
  );
}

function WindowCell({ service_window: { open, expires_at } }: Conversation) {
  if (!open) return <Status value="stopped" label="Templates only" />;
  return (
    <span>
      <Status value="done" label="Open" /> until <Time iso={expires_at} />
    </span>
  );
}
