import { type Duration, Validations } from 'aws-cdk-lib';
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction as LambdaTarget } from 'aws-cdk-lib/aws-events-targets';
import type { Construct } from 'constructs';
import type { ApiFunction } from './api-function.ts';

/**
 * Runs a function every so often. What a run could not do the next one takes up, so nothing is gained by repeating one at
 * once: neither EventBridge does, which hands it over, nor Lambda, which by itself would twice.
 * @param missed who makes up for a run that did not start
 */
export function runEvery(scope: Construct, id: string, fn: ApiFunction, every: Duration, missed: string): void {
  const rule = new Rule(scope, id, { schedule: Schedule.rate(every) });
  rule.addTarget(new LambdaTarget(fn, { retryAttempts: 0 }));
  fn.configureAsyncInvoke({ retryAttempts: 0 });
  Validations.of(rule).acknowledge({ id: 'Serverless-EventBusDLQ', reason: missed });
}
