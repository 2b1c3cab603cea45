import { Stack } from 'aws-cdk-lib';
import {
  Alarm as CloudWatchAlarm,
  ComparisonOperator,
  type IMetric,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import type { StageConfig } from '../config.ts';
import { configOf, resourceName } from '../stacks/stage-stack.ts';

/** `page`: tenants lose something now. `ticket`: it can wait until somebody is at work. */
export type Severity = 'page' | 'ticket';

export type AlarmProps = {
  /** What is wrong, e.g. `send-otp-errors`; the alarm's name ends with it. */
  name: string;
  /** Heading in docs/runbook.md. */
  article: string;
  /** Who notices what, in words for somebody just woken. */
  impact: string;
  metric: IMetric;
  /** @default `ticket` */
  severity?: Severity;
  /** Fires when the metric is above this. @default 0 */
  threshold?: number;
  /** Fires when the metric is below the threshold instead. */
  isFloor?: boolean;
  /** Fires too when the metric says nothing. @default no data is no traffic */
  needsData?: boolean;
  /** For how many periods of the metric it must be above, one after the other. @default 1 */
  periods?: number;
};

/** An alarm that says what it means and where to read on. Stages in which nobody is woken have none. */
export class Alarm extends Construct {
  readonly severity: Severity;
  /** Absent where nobody is told. */
  readonly alarmName: string | undefined;

  constructor(scope: Construct, id: string, props: AlarmProps) {
    super(scope, id);
    const config = configOf(this);
    this.severity = props.severity ?? 'ticket';
    if (!config.alarms) return;
    this.alarmName = resourceName(config, props.name);
    const alarm = new CloudWatchAlarm(this, 'Alarm', {
      alarmName: this.alarmName,
      alarmDescription: `Impact: ${props.impact}. Runbook: docs/runbook.md#${props.article}`,
      metric: props.metric,
      threshold: props.threshold ?? 0,
      comparisonOperator: props.isFloor
        ? ComparisonOperator.LESS_THAN_THRESHOLD
        : ComparisonOperator.GREATER_THAN_THRESHOLD,
      evaluationPeriods: props.periods ?? 1,
      treatMissingData: props.needsData ? TreatMissingData.BREACHING : TreatMissingData.NOT_BREACHING,
    });
    // Those that page do it together (observability stack): one outage is one call, not twenty.
    if (this.severity === 'ticket')
      alarm.addAlarmAction({ bind: () => ({ alarmActionArn: topicArn(this, config, 'ticket') }) });
  }
}

/** The topic's ARN, from its name: every stack has alarms, and the topics' own stack comes after all of them. */
export const topicArn = (scope: Construct, config: StageConfig, severity: Severity): string =>
  Stack.of(scope).formatArn({ service: 'sns', resource: resourceName(config, severity) });
