import { Duration } from 'aws-cdk-lib';
import { Alarm as CloudWatchAlarm, type IMetric, MathExpression, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { configOf, resourceName } from '../stacks/stage-stack.ts';

export type AlarmProps = {
  /** What is wrong, e.g. `send-otp-errors`; the alarm's name ends with it. */
  name: string;
  /** Heading in docs/runbook.md. */
  article: string;
  /** Who notices what, in words for somebody just woken. */
  impact: string;
  metric: IMetric;
  /** Fires when the metric is above this. @default 0 */
  threshold?: number;
  /** Part of the metric that is as it should be. */
  expected?: IMetric;
};

/** An alarm that says what it means and where to read on. Stages in which nobody is woken have none. */
export class Alarm extends Construct {
  constructor(scope: Construct, id: string, props: AlarmProps) {
    super(scope, id);
    const config = configOf(this);
    if (!config.alarms) return;
    new CloudWatchAlarm(this, 'Alarm', {
      alarmName: resourceName(config, props.name),
      alarmDescription: `Impact: ${props.impact}. Runbook: docs/runbook.md#${props.article}`,
      metric: props.expected ? difference(props.metric, props.expected) : props.metric,
      threshold: (props.threshold ?? 0) + 1,
      // The two metrics of a difference can fall into neighbouring periods: once above is no news, twice is.
      evaluationPeriods: props.expected ? 2 : 1,
      // No data is no traffic.
      treatMissingData: TreatMissingData.NOT_BREACHING,
    });
  }
}

const difference = (metric: IMetric, expected: IMetric): MathExpression =>
  new MathExpression({
    expression: 'all - FILL(expected, 0)',
    usingMetrics: { all: metric, expected },
    period: Duration.minutes(5),
  });
