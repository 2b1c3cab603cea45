import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';

/** Namespace and service come from the environment; brands are never a dimension ($12,000 a month at 10,000 tenants). */
const metrics = new Metrics({ namespace: 'Quixess' });

/** Counts one thing, or several, and writes it at once, so that a death of the function loses at most the one under way. */
export function count(name: string, dimensions: Record<string, string> = {}, value = 1): void {
  const single = metrics.singleMetric();
  single.addDimensions(dimensions);
  single.addMetric(name, MetricUnit.Count, value);
}
