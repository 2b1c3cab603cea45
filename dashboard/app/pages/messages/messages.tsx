import { useInfiniteQuery } from '@tanstack/react-query';
import { lazy } from 'react';
import { messages } from '../../api/queries.ts';
import { useApi } from '../../auth/session.tsx';
import { useBrandId } from '../../brand.tsx';
import { CopyId } from '../../components/copy-id.tsx';
import { CursorTable } from '../../components/cursor-table.tsx';
import { useFilters, useSince } from '../../components/filters.tsx';
import { Page } from '../../components/page.tsx';
import { LinkButton, RouterLink } from '../../components/router-link.tsx';
import { FirstRun } from '../../components/states.tsx';
import { Status } from '../../components/status.tsx';
import { Time } from '../../components/time.tsx';
import { MESSAGE_FILTERS } from '../../page-filters.ts';
import { InSplitPanel } from '../../split-panel.tsx';
import { words } from '../../words.ts';
import { messageText, whoOf } from './message-text.ts';

const MessagePanel = lazy(() => import('./message-panel.tsx'));

export default function Messages() {
  const api = useApi();
  const brand_id = useBrandId();
  const filters = useFilters(MESSAGE_FILTERS);
  const { since, ...asked } = filters.values;
  const query = useInfiniteQuery({
    ...messages(api, { brand_id, ...asked, since: useSince(since) }),
    refetchInterval: 15_000,
  });
  const open = filters.search.message;
  return (
    <Page title="Messages" description="Every message of the brand, in and out, newest first.">
      <CursorTable
        title="Messages"
        query={query}
        idOf={({ id }) => id}
        filters={filters}
        firstRun={
          <FirstRun title="No messages yet" action={<LinkButton to="/">See the first curl</LinkButton>}>
            What you send and what people write is listed here.
          </FirstRun>
        }
        columns={[
          { id: 'at', header: 'Time', minWidth: 190, cell: ({ created_at }) => <Time iso={created_at} /> },
          {
            id: 'text',
            header: 'Message',
            isRowHeader: true,
            minWidth: 240,
            cell: (one) => <RouterLink to={`/whatsapp/messages?message=${one.id}`}>{messageText(one)}</RouterLink>,
          },
          { id: 'who', header: 'Person', minWidth: 150, cell: (one) => whoOf(one) },
          { id: 'direction', header: 'Direction', minWidth: 110, cell: ({ direction }) => words(direction) },
          { id: 'status', header: 'State', minWidth: 140, cell: ({ status }) => <Status value={status} /> },
          { id: 'reference', header: 'Reference', minWidth: 120, cell: ({ reference }) => reference ?? '–' },
          { id: 'id', header: 'Message id', minWidth: 330, cell: ({ id }) => <CopyId value={id} label="message id" /> },
        ]}
      />
      {open && (
        <InSplitPanel header="Message" onClose={() => filters.set({ message: undefined })}>
          <MessagePanel id={open} />
        </InSplitPanel>
      )}
    </Page>
  );
}
