import { useQuery } from '@tanstack/react-query';
import { countedEvents } from '../../api/queries.ts';
import { useApi } from '../../auth/session.tsx';
import { useBrandId } from '../../brand.tsx';
import { ByHour } from '../../components/by-hour.tsx';
import { SPANS, startOfHours } from '../../search-params.ts';

const MOST_HOURS = 24;

const SERIES = [
  { title: 'Delivered', statuses: ['delivered'], color: 'var(--chart-good)' },
  { title: 'On the way', statuses: ['pending', 'retrying', 'held'], color: 'var(--chart-wait)' },
  { title: 'Failed', statuses: ['failed'], color: 'var(--chart-bad)' },
];

/** What the filter finds of the last day, whatever page the table is at. */
export function EventsByHour({ filter }: { filter: Record<string, string | undefined> }) {
  const api = useApi();
  const brand_id = useBrandId();
  const { since = '24h', ...asked } = filter;
  // A span begins within an hour: one more.
  const hours = Math.min((SPANS[since]?.hours ?? MOST_HOURS) + 1, MOST_HOURS);
  const { data } = useQuery(countedEvents(api, { brand_id, ...asked, since: startOfHours(hours) }));
  const counted = data && { ...data, rows: data.rows.map(({ occurred_at: at, status }) => ({ at, status })) };
  return <ByHour what="Events" counted={counted} series={SERIES} hours={hours} />;
}
