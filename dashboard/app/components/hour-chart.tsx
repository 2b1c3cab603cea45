import BarChart from '@cloudscape-design/components/bar-chart';

const HOUR_MS = 3_600_000;
const clock = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' });

export type Counted = { at: string; status: string };
export type Series = { title: string; statuses: readonly string[]; color: string };
type Props = {
  title: string;
  what: string;
  rows: readonly Counted[];
  series: readonly Series[];
  /** At most 24: a bar is called by the clock. The last one is not over. */
  hours: number;
};

/** Whole hours up to this one, those in which nothing happened too. */
export default function HourChart({ title, what, rows, series, hours }: Props) {
  const last = Math.floor(Date.now() / HOUR_MS);
  const places = Array.from({ length: hours }, (_, place) => last - hours + 1 + place);
  const counts = series.map(({ statuses }) => {
    const byHour = Map.groupBy(
      rows.filter(({ status }) => statuses.includes(status)),
      ({ at }) => Math.floor(Date.parse(at) / HOUR_MS),
    );
    return places.map((hour) => byHour.get(hour)?.length ?? 0);
  });
  const highest = Math.max(1, ...places.map((_, place) => counts.reduce((sum, row) => sum + (row[place] ?? 0), 0)));
  const nameOf = (hour: number) => clock.format(hour * HOUR_MS);
  return (
    <BarChart
      stackedBars
      hideFilter
      height={140}
      ariaLabel={title}
      xTitle="Hour"
      yTitle={what}
      xScaleType="categorical"
      xDomain={places.map(nameOf)}
      yDomain={[0, highest]}
      yTickFormatter={(value) => (Number.isInteger(value) ? String(value) : '')}
      series={series.map(({ title: name, color }, row) => ({
        type: 'bar',
        title: name,
        color,
        data: places.map((hour, place) => ({ x: nameOf(hour), y: counts[row]?.[place] ?? 0 })),
      }))}
    />
  );
}
