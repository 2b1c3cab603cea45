import Box from '@cloudscape-design/components/box';
import ColumnLayout from '@cloudscape-design/components/column-layout';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useQuery } from '@tanstack/react-query';
import type { Newest } from '../api/newest.ts';
import { countedEvents, countedMessages } from '../api/queries.ts';
import { useApi } from '../auth/session.tsx';
import { useBrandId } from '../brand.tsx';
import { ByHour } from '../components/by-hour.tsx';
import { RouterLink } from '../components/router-link.tsx';
import { startOfHours } from '../search-params.ts';

const HOURS = 24;
const ARRIVED = ['delivered', 'read', 'played'];
const SERIES = [
  { title: 'Arrived', statuses: ARRIVED, color: 'var(--chart-good)' },
  { title: 'Sent', statuses: ['dispatched', 'accepted', 'outcome_unknown', 'sent'], color: 'var(--chart-wait)' },
  { title: 'Failed', statuses: ['failed'], color: 'var(--chart-bad)' },
];

/** The last day in numbers. Each leads to the rows it counts. */
export function Figures() {
  const api = useApi();
  const brand_id = useBrandId();
  const since = startOfHours(HOURS);
  const { data: sent } = useQuery(countedMessages(api, { brand_id, direction: 'outbound', since }));
  const { data: events } = useQuery(countedEvents(api, { brand_id, since }));
  if (!sent || !events || sent.rows.length + events.rows.length === 0) return null;
  const isArrived = ({ status }: { status: string }) => ARRIVED.includes(status);
  const isDelivered = ({ status }: { status: string }) => status === 'delivered';
  const failed = sent.rows.filter(({ status }) => status === 'failed');
  const ended = { ...events, rows: events.rows.filter(({ status }) => ['delivered', 'failed'].includes(status)) };
  const isCut = !sent.isAll || !events.isAll;
  const counted = { ...sent, rows: sent.rows.map(({ created_at: at, status }) => ({ at, status })) };
  return (
    <SpaceBetween size="l">
      <Container
        header={
          <Header variant="h2" {...(isCut && { description: 'Counted among the newest; there are more.' })}>
            The last 24 hours
          </Header>
        }
      >
        <ColumnLayout columns={4} variant="text-grid">
          <Figure name="Messages sent" value={count(sent)} to="/whatsapp/messages?direction=outbound&since=24h" />
          <Figure name="Arrived" value={share(sent, isArrived)} to="/whatsapp/messages?direction=outbound&since=24h" />
          <Figure
            name="Failed"
            value={count({ ...sent, rows: failed })}
            to="/whatsapp/messages?direction=outbound&status=failed&since=24h"
          />
          <Figure
            name="Events your endpoint took"
            value={share(ended, isDelivered)}
            to="/webhooks/deliveries?since=24h"
          />
        </ColumnLayout>
      </Container>
      {sent.rows.length > 0 && <ByHour what="Messages" counted={counted} series={SERIES} hours={HOURS} />}
    </SpaceBetween>
  );
}

function Figure({ name, value, to }: { name: string; value: string; to: string }) {
  return (
    <div>
      <Box variant="awsui-key-label">{name}</Box>
      <RouterLink to={to} fontSize="display-l">
        {value}
      </RouterLink>
    </div>
  );
}

const count = ({ rows, isAll }: Newest<unknown>): string => `${rows.length.toLocaleString('en')}${isAll ? '' : '+'}`;

function share<T>({ rows }: Newest<T>, is: (row: T) => boolean): string {
  return rows.length === 0 ? '–' : `${Math.round((rows.filter(is).length / rows.length) * 100)} %`;
}
