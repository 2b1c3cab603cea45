import Alert from '@cloudscape-design/components/alert';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Tabs from '@cloudscape-design/components/tabs';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { event } from '../../api/queries.ts';
import type { EventDetail } from '../../api/types.ts';
import { useApi } from '../../auth/session.tsx';
import { useBrandId } from '../../brand.tsx';
import { Json } from '../../components/code.tsx';
import { CopyId } from '../../components/copy-id.tsx';
import { ErrorBox } from '../../components/error-box.tsx';
import { GatedButton } from '../../components/gated-button.tsx';
import { LinkButton } from '../../components/router-link.tsx';
import { Loading } from '../../components/states.tsx';
import { Status } from '../../components/status.tsx';
import { Time } from '../../components/time.tsx';
import { Attempts } from './attempts.tsx';
import { inWords } from './event-words.ts';
import { VerifySignature } from './verify-signature.tsx';

/** One event: how it stands, each attempt, what was sent. In the panel beside the list, and on a page of its own. */
export default function EventView({ id, isPanel = false }: { id: string; isPanel?: boolean }) {
  const api = useApi();
  const queries = useQueryClient();
  const brand_id = useBrandId();
  const query = useQuery({
    ...event(api, id, brand_id),
    // While it is on its way somebody may be watching.
    refetchInterval: ({ state }) => (['pending', 'retrying'].includes(state.data?.status ?? '') ? 2_000 : 15_000),
  });
  const replay = useMutation({
    mutationFn: () => api.post(`/webhooks/events/${id}/replay`, {}, { brand_id }),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['/webhooks/events'] }),
  });
  if (query.isPending) return <Loading rows={6} />;
  if (!query.data) return <ErrorBox error={query.error} onRetry={() => query.refetch()} />;
  const banner = inWords(query.data);
  const next = query.data.status === 'retrying' ? 'Try now' : 'Replay';
  return (
    <SpaceBetween size="l">
      <Alert
        type={banner.type}
        action={
          <SpaceBetween direction="horizontal" size="xs">
            {isPanel && <LinkButton to={`/webhooks/deliveries/${id}`}>Open page</LinkButton>}
            <GatedButton needs="developer" loading={replay.isPending} onClick={() => replay.mutate()}>
              {next}
            </GatedButton>
          </SpaceBetween>
        }
      >
        {banner.text}
      </Alert>
      {replay.isError && <ErrorBox error={replay.error} />}
      {replay.isSuccess && <div role="status">It is on its way again, with the same event id.</div>}
      <Facts of={query.data} />
      <Container header={<Header variant="h2">Attempts</Header>}>
        <Attempts of={query.data} />
      </Container>
      <Tabs
        ariaLabel="What was sent, and what came back"
        tabs={[
          { id: 'payload', label: 'Payload', content: <Json label="payload" value={query.data.event} /> },
          { id: 'verify', label: 'Verify signature', content: <VerifySignature /> },
        ]}
      />
    </SpaceBetween>
  );
}

function Facts({ of }: { of: EventDetail }) {
  return (
    <KeyValuePairs
      columns={4}
      items={[
        { label: 'Event', value: <CopyId value={of.id} label="event id" /> },
        { label: 'Type', value: of.type },
        { label: 'State', value: <Status value={of.status} /> },
        { label: 'Happened', value: <Time iso={of.occurred_at} /> },
        { label: 'Attempts', value: `${of.attempts_made} in ${of.run} ${of.run === 1 ? 'run' : 'runs'}` },
        { label: 'Next attempt', value: <Time iso={of.next_attempt_at} empty="None" /> },
      ]}
    />
  );
}
