import BarChart from '@cloudscape-design/components/bar-chart';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import type { Event } from '../../api/types.ts';

const HOUR_MS = 3_600_000;
const MOST_HOURS = 24;
const hour = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' });

const SERIES = [
  { title: 'Delivered', statuses: ['delivered'], color: 'var(--chart-good)' },
  { title: 'On the way', statuses: ['pending', 'retrying', 'held'], color: 'var(--chart-wait)' },
  { title: 'Failed', statuses: ['failed'], color: 'var(--chart-bad)' },
];

/** What the table has so far, by the hour. */
export default function HourChart({ events }: { events: Event[] }) {
  const hourOf = ({ occurred_at }: Event) => Math.floor(Date.parse(occurred_at) / HOUR_MS);
  const newest = Math.max(...events.map(hourOf));
  const oldest = Math.max(Math.min(...events.map(hourOf)), newest - MOST_HOURS + 1);
  const hours = Array.from({ length: newest - oldest + 1 }, (_, place) => oldest + place);
  const counts = SERIES.map(({ statuses }) =>
    hours.map((at) => events.filter((event) => hourOf(event) === at && statuses.includes(event.status)).length),
  );
  const highest = Math.max(1, ...hours.map((_, place) => counts.reduce((sum, row) => sum + (row[place] ?? 0), 0)));
  return (
    <Container header={<Header variant="h2">By hour</Header>}>
      <BarChart
        stackedBars
        hideFilter
        height={140}
        ariaLabel="Deliveries by hour"
        xTitle="Hour"
        yTitle="Events"
        xScaleType="categorical"
        xDomain={hours.map((at) => hour.format(at * HOUR_MS))}
        yDomain={[0, highest]}
        yTickFormatter={(value) => (Number.isInteger(value) ? String(value) : '')}
        series={SERIES.map(({ title, color }, row) => ({
          type: 'bar',
          title,
          color,
          data: hours.map((at, place) => ({ x: hour.format(at * HOUR_MS), y: counts[row]?.[place] ?? 0 })),
        }))}
      />
    </Container>
  );
}
