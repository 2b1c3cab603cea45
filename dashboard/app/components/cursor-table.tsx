import Button from '@cloudscape-design/components/button';
import Header from '@cloudscape-design/components/header';
import Pagination from '@cloudscape-design/components/pagination';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Table, { type TableProps } from '@cloudscape-design/components/table';
import type { InfiniteData, UseInfiniteQueryResult } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { ProblemError } from '../api/client.ts';
import type { Page } from '../api/types.ts';
import { ErrorBox } from './error-box.tsx';
import { type FilterState, Filters } from './filters.tsx';
import { LinkButton } from './router-link.tsx';
import { LookFurther, NeedsConnection, NoMatch } from './states.tsx';
import { Ago } from './time.tsx';

export type PagesQuery<T> = UseInfiniteQueryResult<InfiniteData<Page<T>>, Error>;

type Props<T> = {
  title: string;
  query: PagesQuery<T>;
  columns: TableProps.ColumnDefinition<T>[];
  idOf: (item: T) => string;
  filters?: FilterState;
  /** Where there is nothing at all yet. */
  firstRun: ReactNode;
  actions?: ReactNode;
  selection?: { items: T[]; onChange: (items: T[]) => void; nameOf: (item: T) => string };
  onRow?: (item: T) => void;
};

/** A list the API gives page by page, newest first. */
export function CursorTable<T>(props: Props<T>) {
  const { title, query, columns, idOf, filters: state, firstRun, actions, selection, onRow } = props;
  const filters = state && <Filters state={state} />;
  const [index, setIndex] = useState(1);
  const pages = query.data?.pages ?? [];
  const page = Math.min(index, Math.max(pages.length, 1));
  const items = pages[page - 1]?.data ?? [];

  const turn = async (to: number): Promise<void> => {
    if (to > pages.length && query.hasNextPage) await query.fetchNextPage();
    setIndex(to);
  };
  if (query.error instanceof ProblemError && query.error.problem.code === 'connection_not_found')
    return (
      <NeedsConnection
        action={
          <LinkButton variant="primary" to="/whatsapp/connection">
            Connect a number
          </LinkButton>
        }
      >
        What is listed here belongs to a number.
      </NeedsConnection>
    );
  if (query.isError && pages.length === 0) {
    return (
      <SpaceBetween size="m">
        {filters}
        <ErrorBox error={query.error} onRetry={() => query.refetch()} />
      </SpaceBetween>
    );
  }
  return (
    <Table<T>
      items={items}
      columnDefinitions={columns}
      trackBy={idOf}
      loading={query.isPending || query.isFetchingNextPage}
      loadingText={`Loading ${title.toLowerCase()}`}
      variant="container"
      wrapLines={false}
      enableKeyboardNavigation
      contentDensity="comfortable"
      ariaLabels={{
        tableLabel: title,
        selectionGroupLabel: `Selected ${title.toLowerCase()}`,
        allItemsSelectionLabel: () => 'Select all on this page',
        itemSelectionLabel: (_, item) => `Select ${selection?.nameOf(item) ?? ''}`,
      }}
      {...(selection && {
        selectionType: 'multi' as const,
        selectedItems: selection.items,
        onSelectionChange: ({ detail }) => selection.onChange(detail.selectedItems),
      })}
      {...(onRow && { onRowClick: ({ detail }) => onRow(detail.item) })}
      header={
        <Header
          variant="h2"
          actions={
            <SpaceBetween direction="horizontal" size="xs" alignItems="center">
              {query.dataUpdatedAt > 0 && (
                <span className="updated">
                  Updated <Ago iso={new Date(query.dataUpdatedAt).toISOString()} />
                </span>
              )}
              <Button
                iconName="refresh"
                ariaLabel={`Refresh ${title.toLowerCase()}`}
                loading={query.isRefetching}
                onClick={() => query.refetch()}
              />
              {actions}
            </SpaceBetween>
          }
        >
          {title}
        </Header>
      }
      {...(filters && { filter: filters })}
      pagination={
        pages.length > 1 || query.hasNextPage ? (
          <Pagination
            currentPageIndex={page}
            pagesCount={pages.length}
            openEnd={query.hasNextPage}
            onChange={({ detail }) => turn(detail.currentPageIndex)}
          />
        ) : undefined
      }
      empty={
        page < pages.length || query.hasNextPage ? (
          // The API looks through so many rows for a page, and says where it stopped.
          <LookFurther onLook={() => turn(page + 1)} />
        ) : state?.isFiltered ? (
          <NoMatch onClear={state.clear} />
        ) : (
          firstRun
        )
      }
    />
  );
}
