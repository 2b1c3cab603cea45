import { Duration } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import type { StageConfig } from '../config.ts';
import { Alarm } from '../constructs/alarm.ts';
import { ApiFunction } from '../constructs/api-function.ts';
import { useSecret, useTable } from '../constructs/grants.ts';
import { sumOf } from '../constructs/metric.ts';
import { runEvery } from '../constructs/run-every.ts';
import type { DataStack } from './data-stack.ts';
import { StageStack } from './stage-stack.ts';

const IMPACT = 'a tenant of our own cannot send, or does not get its events: others neither, most likely';

/** A tenant of our own, which sends and receives through the public URL by the clock. */
export class CanaryStack extends StageStack {
  /** @param apiUrl as callers know it, with `/api` */
  constructor(scope: Construct, id: string, config: StageConfig, data: DataStack, apiUrl: string) {
    super(scope, id, config);
    const every = Duration.minutes(config.canaryEveryMinutes);
    const fn = new ApiFunction(this, 'RunCanary', {
      name: 'run-canary',
      impact: IMPACT,
      severity: 'page',
      timeout: Duration.minutes(2),
      environment: { CANARY_API_URL: apiUrl },
    });
    useTable(fn, 'API_KEYS_TABLE_NAME', data.apiKeys, ['PutItem', 'DeleteItem']);
    useTable(fn, 'CHECKPOINTS_TABLE_NAME', data.checkpoints, ['GetItem']);
    useTable(fn, 'CONNECTIONS_TABLE_NAME', data.connections, ['PutItem']);
    useSecret(fn, 'KEY_PEPPER_SECRET_ARN', data.keyPepper);
    useSecret(fn, 'CANARY_SECRET_ARN', data.canary);
    // What CloudFormation generates cannot sign: the first run puts a signing secret in its place.
    fn.addToRolePolicy(
      new PolicyStatement({ actions: ['secretsmanager:PutSecretValue'], resources: [data.canary.secretArn] }),
    );
    data.canary.encryptionKey?.grant(fn, 'kms:GenerateDataKey');
    runEvery(
      this,
      'RunCanaryRule',
      fn,
      every,
      'A run that did not start is missed by the alarm about runs that succeeded; the next one is soon.',
    );
    const silence = Duration.minutes(Math.min(3 * every.toMinutes(), 24 * 60));
    new Alarm(this, 'Silent', {
      name: 'canary-silent',
      article: 'run-canary',
      impact: IMPACT,
      severity: 'page',
      metric: sumOf(config, 'CanarySucceeded', silence),
      threshold: 1,
      isFloor: true,
      needsData: true,
    });
  }
}
