import { useEffect, useState } from 'react';

const local = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'medium' });
const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });

const UNITS: [Intl.RelativeTimeFormatUnit, number][] = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
  ['second', 1000],
];

export function ago(timeMs: number, nowMs: number): string {
  const difference = timeMs - nowMs;
  const [unit, size] = UNITS.find(([, ms]) => Math.abs(difference) >= ms) ?? ['second', 1000];
  return relative.format(Math.round(difference / size), unit);
}

/** A time where the reader is; the tooltip has it in UTC, as the API says it. */
export function Time({ iso, empty = '–' }: { iso: string | null | undefined; empty?: string }) {
  if (!iso) return <>{empty}</>;
  return (
    <time dateTime={iso} title={iso.replace('T', ' ').replace('Z', ' UTC')}>
      {local.format(new Date(iso))}
    </time>
  );
}

/** How long ago, kept true while it is looked at. */
export function Ago({ iso, empty = 'never' }: { iso: string | null | undefined; empty?: string }) {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 10_000);
    return () => clearInterval(timer);
  }, []);
  if (!iso) return <>{empty}</>;
  return (
    <time dateTime={iso} title={`${iso.replace('T', ' ').replace('Z', ' UTC')}`}>
      {ago(Date.parse(iso), Math.max(now, Date.parse(iso)))}
    </time>
  );
}
