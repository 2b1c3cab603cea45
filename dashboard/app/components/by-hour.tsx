import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import { lazy, Suspense } from 'react';
import type { Newest } from '../api/newest.ts';
import type { Counted, Series } from './hour-chart.tsx';

// Charts are a third of the kit: they come after the rest of the page.
const HourChart = lazy(() => import('./hour-chart.tsx'));

type Props = { what: string; counted: Newest<Counted> | undefined; series: readonly Series[]; hours: number };

/** How many of what came to which end, hour by hour. */
export function ByHour({ what, counted, series, hours }: Props) {
  const title = `${what} by hour`;
  const place = <div className="chart-place" />;
  return (
    <Container
      header={
        <Header
          variant="h2"
          {...(counted?.isAll === false && { description: `The newest ${counted.rows.length}; there are more.` })}
        >
          {title}
        </Header>
      }
    >
      <Suspense fallback={place}>
        {counted ? <HourChart title={title} what={what} rows={counted.rows} series={series} hours={hours} /> : place}
      </Suspense>
    </Container>
  );
}
