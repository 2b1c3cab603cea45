import {
  Alarm as CloudWatchAlarm,
  ComparisonOperator,
  type IMetric,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
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
  /** For how many periods of the metric it must be above, one after the other. @default 1 */
  periods?: number;
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
      metric: props.metric,
      threshold: props.threshold ?? 0,
      comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
      evaluationPeriods: props.periods ?? 1,
      // No data is no traffic.
      treatMissingData: TreatMissingData.NOT_BREACHING,
    });
  }
}
