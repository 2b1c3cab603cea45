import type { DimensionsOf, MetricName } from './metric-catalog.ts';

/**
 * Counts one thing, or several, in CloudWatch's embedded metric format: a log line of its own, written at once, so that
 * a death of the function loses at most the one under way. Namespace (`Quixess/<stage>`) and service come from the
 * environment; brands are never a dimension ($12,000 a month at 10,000 tenants). Of Powertools' metrics this is all that
 * would be used, and those take 12 KB of a bundle, and make a console of their own for each count.
 */
export function count<N extends MetricName>(name: N, ...[dimensions, value = 1]: CountArguments<N>): void {
  const { POWERTOOLS_METRICS_DISABLED, POWERTOOLS_METRICS_NAMESPACE, POWERTOOLS_SERVICE_NAME } = process.env;
  if (POWERTOOLS_METRICS_DISABLED === 'true') return;
  const all = { service: POWERTOOLS_SERVICE_NAME ?? 'unknown', ...dimensions };
  const directive = {
    Namespace: POWERTOOLS_METRICS_NAMESPACE ?? 'Quixess',
    Dimensions: [Object.keys(all)],
    Metrics: [{ Name: name, Unit: 'Count' }],
  };
  const _aws = { Timestamp: Date.now(), CloudWatchMetrics: [directive] };
  // Not by the console: Lambda's puts a time and a request id before what it writes.
  process.stdout.write(`${JSON.stringify({ _aws, ...all, [name]: value })}\n`);
}

type CountArguments<N extends MetricName> =
  DimensionsOf<N> extends Record<string, never> ? [] : [dimensions: DimensionsOf<N>, value?: number];
