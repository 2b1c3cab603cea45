import { Duration } from 'aws-cdk-lib';
import { MathExpression, Metric } from 'aws-cdk-lib/aws-cloudwatch';
import type { TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { Alarm } from './alarm.ts';
import { kebab } from './names.ts';

const PERIOD = Duration.minutes(5);

/** Fires when DynamoDB refuses calls on a table or one of its indexes: a hot partition, or a limit of the account. */
export function addThrottleAlarm(table: TableV2, id: string, indexes: readonly string[]): void {
  const name = kebab(id);
  const usingMetrics = Object.fromEntries(
    [undefined, ...indexes].flatMap((index, number) =>
      ['Read', 'Write'].map((kind) => [`${kind.toLowerCase()}${number}`, throttles(table, kind, index)]),
    ),
  );
  new Alarm(table, 'Throttled', {
    name: `${name}-throttled`,
    article: 'table-throttled',
    impact: `calls on the table ${name} are refused; what waits for them is late or answered 503`,
    metric: new MathExpression({
      expression: Object.keys(usingMetrics)
        .map((metric) => `FILL(${metric}, 0)`)
        .join(' + '),
      usingMetrics,
      period: PERIOD,
    }),
  });
}

const throttles = (table: TableV2, kind: string, index: string | undefined): Metric =>
  new Metric({
    namespace: 'AWS/DynamoDB',
    metricName: `${kind}ThrottleEvents`,
    dimensionsMap: {
      TableName: table.tableName,
      ...(index === undefined ? {} : { GlobalSecondaryIndexName: index }),
    },
    statistic: 'Sum',
    period: PERIOD,
  });
