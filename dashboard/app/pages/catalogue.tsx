import Alert from '@cloudscape-design/components/alert';
import Badge from '@cloudscape-design/components/badge';
import Box from '@cloudscape-design/components/box';
import Container from '@cloudscape-design/components/container';
import ExpandableSection from '@cloudscape-design/components/expandable-section';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Table from '@cloudscape-design/components/table';
import { useMutation, useQuery } from '@tanstack/react-query';
import { DEFAULT_EVENT_FILTER } from '../../../shared/events/event-types.ts';
import { connections } from '../api/queries.ts';
import { useApi, useSession } from '../auth/session.tsx';
import { useBrandId } from '../brand.tsx';
import { Json } from '../components/code.tsx';
import { ErrorBox } from '../components/error-box.tsx';
import { GatedButton } from '../components/gated-button.tsx';
import { Page } from '../components/page.tsx';
import { RouterLink } from '../components/router-link.tsx';
import { Loading } from '../components/states.tsx';
import { type CatalogueEvent, eventsOf, type OpenApi } from './openapi-events.ts';

/** Every event there is, as the API's own document describes it. */
export default function Catalogue() {
  const { config } = useSession();
  const query = useQuery({
    queryKey: ['openapi'],
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: async (): Promise<OpenApi> => (await fetch(`${config.api_base}/openapi.json`)).json(),
  });
  return (
    <Page title="Event catalogue" description="Everything your endpoint may be sent." actions={<SendTest />}>
      {query.isPending && <Loading rows={8} />}
      {query.isError && <ErrorBox error={query.error} onRetry={() => query.refetch()} />}
      {query.data &&
        groups(eventsOf(query.data)).map(([name, events]) => <Group key={name} name={name} events={events} />)}
    </Page>
  );
}

const groups = (events: CatalogueEvent[]): [string, CatalogueEvent[]][] => [
  ...Map.groupBy(events, ({ type }) => type.split('.')[0] ?? ''),
];

function Group({ name, events }: { name: string; events: CatalogueEvent[] }) {
  return (
    <Container header={<Header variant="h2">{name}</Header>}>
      <SpaceBetween size="s">
        {events.map((event) => (
          <ExpandableSection
            key={event.type}
            headerText={event.type}
            headerDescription={event.description}
            headerActions={
              DEFAULT_EVENT_FILTER.some((type) => type === event.type) ? (
                <Badge color="green">by default</Badge>
              ) : undefined
            }
          >
            <SpaceBetween size="m">
              <Fields of={event} />
              <Json label={`sample of ${event.type}`} value={event.sample} />
            </SpaceBetween>
          </ExpandableSection>
        ))}
      </SpaceBetween>
    </Container>
  );
}

function Fields({ of }: { of: CatalogueEvent }) {
  return (
    <Table
      variant="embedded"
      ariaLabels={{ tableLabel: `Fields of ${of.type}` }}
      items={of.fields}
      trackBy="path"
      wrapLines
      columnDefinitions={[
        { id: 'path', header: 'Field', isRowHeader: true, cell: ({ path }) => <Box variant="code">{path}</Box> },
        { id: 'type', header: 'Type', cell: ({ type }) => type },
        { id: 'description', header: 'What it is', cell: ({ description }) => description },
      ]}
    />
  );
}

function SendTest() {
  const api = useApi();
  const brandId = useBrandId();
  const all = useQuery(connections(api, brandId));
  const active = all.data?.find(({ status }) => status === 'active');
  const test = useMutation({
    mutationFn: () => api.post<{ id: string }>(`/whatsapp/connections/${active?.id}/test`),
  });
  return (
    <SpaceBetween size="xs" alignItems="end">
      <GatedButton
        needs="developer"
        disabled={!active?.webhook_url}
        loading={test.isPending}
        onClick={() => test.mutate()}
      >
        Send test event
      </GatedButton>
      {test.isError && <ErrorBox error={test.error} />}
      {test.data && (
        <Alert type="info">
          On its way: <RouterLink to={`/webhooks/deliveries/${test.data.id}`}>{test.data.id}</RouterLink>
        </Alert>
      )}
    </SpaceBetween>
  );
}
