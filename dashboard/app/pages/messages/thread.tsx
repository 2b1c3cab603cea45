import Button from '@cloudscape-design/components/button';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useInfiniteQuery } from '@tanstack/react-query';
import { conversationMessages } from '../../api/queries.ts';
import { useApi } from '../../auth/session.tsx';
import { useBrandId } from '../../brand.tsx';
import { ErrorBox } from '../../components/error-box.tsx';
import { Loading } from '../../components/states.tsx';
import { Time } from '../../components/time.tsx';
import { words } from '../../words.ts';
import { messageText } from './message-text.ts';

/** What was written to and fro, oldest first as on a phone. */
export function Thread({ id }: { id: string }) {
  const api = useApi();
  const brandId = useBrandId();
  const query = useInfiniteQuery({ ...conversationMessages(api, id, brandId), refetchInterval: 10_000 });
  if (query.isPending) return <Loading rows={5} />;
  if (!query.data) return <ErrorBox error={query.error} onRetry={() => query.refetch()} />;
  const messages = query.data.pages.flatMap(({ data }) => data).reverse();
  return (
    <SpaceBetween size="m">
      {query.hasNextPage && (
        <Button loading={query.isFetchingNextPage} onClick={() => query.fetchNextPage()}>
          Earlier messages
        </Button>
      )}
      <div className="thread">
        {messages.map((message) => (
          <div key={message.id} className={`bubble ${message.direction === 'outbound' ? 'ours' : 'theirs'}`}>
            {messageText(message)}
            <small>
              <Time iso={message.created_at} /> · {words(message.status)}
            </small>
          </div>
        ))}
      </div>
    </SpaceBetween>
  );
}
