import { Duration } from 'aws-cdk-lib';
import { type IMetric, MathExpression, Metric } from 'aws-cdk-lib/aws-cloudwatch';
import type { MetricName } from '../../shared/metric-catalog.ts';
import type { StageConfig } from '../config.ts';

/** Stages can share an account: each has a namespace of its own. */
export const metricNamespace = ({ name }: StageConfig): string => `Quixess/${name}`;

const PERIOD = Duration.minutes(5);

/** A metric of ours, of all functions and in all its dimensions. */
export const sumOf = (config: StageConfig, name: MetricName, period = PERIOD): IMetric =>
  new MathExpression({
    expression: `SELECT SUM(${name}) FROM "${metricNamespace(config)}"`,
    usingMetrics: {},
    label: name,
    period,
  });

/** The same, a line for each value of its dimension. */
export const sumBy = (config: StageConfig, name: MetricName, dimension: string): IMetric =>
  new MathExpression({
    expression: `SELECT SUM(${name}) FROM "${metricNamespace(config)}" GROUP BY ${dimension}`,
    usingMetrics: {},
    label: '',
    period: PERIOD,
  });

/** One of AWS's own about the whole account and region. */
export const accountMetric = (namespace: string, metricName: string, statistic: string): IMetric =>
  new Metric({ namespace, metricName, statistic, period: PERIOD });
