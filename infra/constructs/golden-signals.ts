import { Duration } from 'aws-cdk-lib';
import {
  AlarmStatusWidget,
  Alarm as CloudWatchAlarm,
  Dashboard,
  GraphWidget,
  type IAlarm,
  type IMetric,
  MathExpression,
  Metric,
  TextWidget,
} from 'aws-cdk-lib/aws-cloudwatch';
import { Construct, type IConstruct } from 'constructs';
import { configOf, resourceName } from '../stacks/stage-stack.ts';
import { Alarm } from './alarm.ts';
import { sumBy, sumOf } from './metric.ts';

export type GoldenSignalsProps = {
  /** The tree whose alarms are shown. */
  alarmsIn: IConstruct;
};

const PERIOD = Duration.minutes(5);
const WIDTH = 12;

/** The picture for whoever was woken: is it us, Meta or one tenant, and since when. Traffic, errors, latency, saturation. */
export class GoldenSignals extends Construct {
  constructor(scope: Construct, id: string, { alarmsIn }: GoldenSignalsProps) {
    super(scope, id);
    const config = configOf(this);
    const ours = `quixess ${config.name.replaceAll('-', ' ')}`;
    const woken = alarmsIn.node
      .findAll()
      .flatMap((one) => (one instanceof Alarm && one.severity === 'page' ? (one.alarmName ?? []) : []));
    const dashboard = new Dashboard(this, 'Dashboard', {
      dashboardName: resourceName(config, 'golden-signals'),
      defaultInterval: Duration.hours(12),
    });
    dashboard.addWidgets(
      new TextWidget({
        markdown: `**${config.name}**: each alarm's description names its article in docs/runbook.md. Metrics: docs/metrics.md`,
        width: 2 * WIDTH,
        height: 1,
      }),
    );
    dashboard.addWidgets(
      new AlarmStatusWidget({
        title: 'What wakes somebody',
        alarms: woken.map((name) => alarmNamed(this, name)),
        width: 2 * WIDTH,
        height: 5,
      }),
    );
    const apis = (metricName: string, statistic: string, label: string) =>
      search(`{AWS/ApiGateway,ApiName} MetricName="${metricName}" ${ours}`, statistic, label);
    const functions = (metricName: string, statistic: string) =>
      search(`{AWS/Lambda,FunctionName} MetricName="${metricName}" ${ours}`, statistic);
    const queues = (metricName: string) => search(`{AWS/SQS,QueueName} MetricName="${metricName}" ${ours}`, 'Maximum');
    dashboard.addWidgets(
      graph('Traffic: requests', [apis('Count', 'Sum', 'requests ')]),
      graph('Errors: refused and failed requests', [apis('4XXError', 'Sum', '4xx '), apis('5XXError', 'Sum', '5xx ')]),
    );
    dashboard.addWidgets(
      graph('Latency of requests, ms (sends wait for Meta)', [
        apis('Latency', 'p50', 'p50 '),
        apis('Latency', 'p99', 'p99 '),
      ]),
      graph('Latency of functions, p99 ms', [functions('Duration', 'p99')]),
    );
    dashboard.addWidgets(
      graph('Sends by transition', [sumBy(config, 'SendTransition', 'transition')]),
      graph('Limits: refused by ours', [sumBy(config, 'RateLimited', 'limit')]),
    );
    dashboard.addWidgets(
      graph('Attempts to deliver, by outcome', [sumBy(config, 'DeliveryAttempt', 'outcome')]),
      graph('Endpoints opened, closed, disabled; exhausted events', [
        sumOf(config, 'EndpointOpened'),
        sumOf(config, 'EndpointClosed'),
        sumOf(config, 'EndpointDisabled'),
        sumOf(config, 'DeliveryExhausted'),
      ]),
    );
    dashboard.addWidgets(
      graph('Saturation: oldest message, s', [queues('ApproximateAgeOfOldestMessage')]),
      graph('Saturation: waiting messages', [queues('ApproximateNumberOfMessagesVisible')]),
    );
    dashboard.addWidgets(
      graph('Saturation: functions at once', [
        functions('ConcurrentExecutions', 'Maximum'),
        new Metric({
          namespace: 'AWS/Lambda',
          metricName: 'ConcurrentExecutions',
          statistic: 'Maximum',
          period: PERIOD,
        }),
      ]),
      graph('Errors: functions that failed, or were not started', [
        functions('Errors', 'Sum'),
        functions('Throttles', 'Sum'),
      ]),
    );
    dashboard.addWidgets(
      graph('Ladders, watches and recoveries: begun and broken', [
        search(`{AWS/States,StateMachineArn} MetricName="ExecutionsStarted" ${ours}`, 'Sum', 'begun '),
        search(`{AWS/States,StateMachineArn} MetricName="ExecutionsFailed" ${ours}`, 'Sum', 'broken '),
      ]),
      graph('Tables: throttled calls', [
        search(`{AWS/DynamoDB,TableName} MetricName=("WriteThrottleEvents" OR "ReadThrottleEvents") ${ours}`, 'Sum'),
      ]),
    );
  }
}

const graph = (title: string, left: IMetric[]): GraphWidget =>
  new GraphWidget({ title, left, width: WIDTH, height: 6 });

/** By its name and not by what CloudFormation says of it: each would be an export of its stack. */
const alarmNamed = (scope: Construct, name: string): IAlarm => CloudWatchAlarm.fromAlarmName(scope, name, name);

/** All metrics of a kind in whose names are the words of the stage's, found when the dashboard is looked at. */
const search = (query: string, statistic: string, label = ''): IMetric =>
  new MathExpression({
    expression: `SEARCH('${query}', '${statistic}', ${PERIOD.toSeconds()})`,
    usingMetrics: {},
    label,
    period: PERIOD,
  });
