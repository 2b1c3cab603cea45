import { RemovalPolicy, Validations } from 'aws-cdk-lib';
import { AlarmRule, CompositeAlarm } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import type { Construct } from 'constructs';
import type { MetricName } from '../../shared/metric-catalog.ts';
import type { StageConfig } from '../config.ts';
import { Alarm, type Severity } from '../constructs/alarm.ts';
import { GoldenSignals } from '../constructs/golden-signals.ts';
import { accountMetric, sumOf } from '../constructs/metric.ts';
import { resourceName, StageStack } from './stage-stack.ts';

/** What no function's own alarm sees: our own counts that should stay at 0, or below so many in 5 minutes. */
const COUNTS: Partial<Record<MetricName, { article: string; impact: string; threshold?: number }>> = {
  CertificateExpiring: {
    article: 'certificate-expiry',
    impact: 'nothing yet, or every caller refuses our certificate: in less than 30 days they do',
  },
  KeyReportedLeaked: {
    article: 'key-reported-leaked',
    impact: 'a tenant lost an API key, which is revoked: its sends are refused until it has a new one',
  },
  MetaUpdateKept: {
    article: 'meta-update-kept',
    impact: 'Meta tells something that no event shows: tenants do not hear of it',
  },
  MetaUpdateSkipped: {
    article: 'meta-update-skipped',
    impact: 'Meta sends what we did not subscribe to, or in a form we do not know: it is in no history',
  },
  SendOutcomeNotSaved: {
    article: 'send-outcome-not-saved',
    impact: 'callers had their answer, but history shows a send without outcome until Meta tells its status',
  },
  StatusOfUnknownMessage: {
    article: 'status-of-unknown-message',
    impact: 'none of ours: somebody else sends with a tenant’s number',
    threshold: 100,
  },
  TemplatesNotSynced: {
    article: 'templates-not-synced',
    impact: 'a tenant’s sends are checked against old templates; usually its token at Meta no longer works',
  },
  TokenDead: {
    article: 'token-dead',
    impact: 'a tenant’s access token at Meta no longer works: its sends are refused until it connects with another',
  },
  TokenExpiring: {
    article: 'token-expiring',
    impact: 'a tenant’s access token at Meta ends in less than 14 days; it was told',
  },
  TokenNotChecked: {
    article: 'token-not-checked',
    impact: 'nobody knows whether a tenant’s token ends soon',
  },
  UpdateUnrouted: {
    article: 'update-unrouted',
    impact: 'messages and statuses come for a number that no brand has connected; they are kept until one does',
  },
};

/** Lambda takes this many invocations of an account at once, until AWS raised it: docs/deploy.md. */
const ACCOUNT_CONCURRENCY = 1000;

/** Who is told, by what, and the picture they look at. Comes after all other stacks: it watches what they made. */
export class ObservabilityStack extends StageStack {
  constructor(scope: Construct, id: string, config: StageConfig, told: Exclude<StageConfig['alarms'], false>) {
    super(scope, id, config);
    this.addCountAlarms();
    this.addAccountAlarms();
    const key = this.topicKey();
    const page = this.topic('page', key, told.page);
    this.topic('ticket', key, told.ticket);
    const others = scope.node.findAll();
    const alarms = others.filter((one) => one instanceof Alarm);
    const woken = alarms.flatMap(({ severity, alarmName }) => (severity === 'page' ? (alarmName ?? []) : []));
    new CompositeAlarm(this, 'Page', {
      compositeAlarmName: resourceName(config, 'page-now'),
      alarmDescription:
        'Impact: tenants lose something now; the alarms in it say what. Runbook: docs/runbook.md#page-now',
      alarmRule: AlarmRule.fromString(woken.map((name) => `ALARM("${name}")`).join(' OR ')),
    }).addAlarmAction(new SnsAction(page));
    // CloudWatch refuses a rule about alarms that do not exist yet.
    for (const stack of others) if (stack instanceof StageStack && stack !== this) this.addStackDependency(stack);
    new GoldenSignals(this, 'GoldenSignals', { alarmsIn: scope });
  }

  private addCountAlarms(): void {
    for (const [name, { article, impact, threshold }] of Object.entries(COUNTS)) {
      const metric = sumOf(this.config, name as MetricName);
      new Alarm(this, name, { name: article, article, impact, metric, threshold });
    }
  }

  private addAccountAlarms(): void {
    new Alarm(this, 'Throttled', {
      name: 'functions-throttled',
      article: 'functions-throttled',
      impact: 'functions are not started: requests are answered 503, queues wait',
      metric: accountMetric('AWS/Lambda', 'Throttles', 'Sum'),
    });
    new Alarm(this, 'Concurrency', {
      name: 'account-concurrency',
      article: 'account-concurrency',
      impact: 'nothing yet; the account is near the most invocations that AWS lets run at once',
      metric: accountMetric('AWS/Lambda', 'ConcurrentExecutions', 'Maximum'),
      threshold: 0.8 * ACCOUNT_CONCURRENCY,
    });
  }

  /** CloudWatch may not use the key that AWS manages for SNS: alarms would be sent to nobody. */
  private topicKey(): Key {
    const key = new Key(this, 'TopicKey', {
      description: 'The topics that alarms are told by',
      enableKeyRotation: true,
      // Nothing is kept under it.
      removalPolicy: RemovalPolicy.DESTROY,
    });
    key.addToResourcePolicy(
      new PolicyStatement({
        principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
        actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
        resources: ['*'],
        conditions: { StringEquals: { 'aws:SourceAccount': this.account } },
      }),
    );
    return key;
  }

  private topic(severity: Severity, masterKey: Key, addresses: readonly string[]): Topic {
    const topic = new Topic(this, severity === 'page' ? 'PageTopic' : 'TicketTopic', {
      topicName: resourceName(this.config, severity),
      masterKey,
      enforceSSL: true,
    });
    // A topic with a policy of its own no longer takes what its account sends.
    topic.addToResourcePolicy(
      new PolicyStatement({
        principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
        actions: ['sns:Publish'],
        resources: [topic.topicArn],
        conditions: { StringEquals: { 'aws:SourceAccount': this.account } },
      }),
    );
    for (const address of addresses) topic.addSubscription(new EmailSubscription(address));
    Validations.of(topic).acknowledge({
      id: 'Serverless-SNSRedrivePolicy',
      reason: 'E-mail cannot be queued for later: SNS repeats it for an hour. The alarm itself stays visible.',
    });
    return topic;
  }
}
