import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import type { DimensionsOf, MetricName } from './metric-catalog.ts';

/** Namespace (`Quixess/<stage>`) and service come from the environment; brands are never a dimension ($12,000 a month at 10,000 tenants). */
const metrics = new Metrics(process.env.POWERTOOLS_METRICS_NAMESPACE ? {} : { namespace: 'Quixess' });

/** Counts one thing, or several, and writes it at once, so that a death of the function loses at most the one under way. */
export function count<N extends MetricName>(name: N, ...[dimensions, value = 1]: CountArguments<N>): void {
  const single = metrics.singleMetric();
  single.addDimensions({ ...dimensions });
  single.addMetric(name, MetricUnit.Count, value);
}

type CountArguments<N extends MetricName> =
  DimensionsOf<N> extends Record<string, never> ? [] : [dimensions: DimensionsOf<N>, value?: number];
