import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { stageConfig } from '../../infra/config.ts';
import { addCertificateAlarm } from '../../infra/constructs/certificate-alarm.ts';
import { StageStack } from '../../infra/stacks/stage-stack.ts';
import { type RawResource, rawResources, synthesized } from './synthesized.ts';

const articles = [...readFileSync('docs/runbook.md', 'utf8').matchAll(/^## (.+)$/gm)].map(([, title]) => title);
const prod = synthesized('prod');

/** The alarm of a stage with a domain, which prod has when somebody writes its certificate into infra/config.ts. */
function certificateAlarm() {
  const stack = new StageStack(new App(), 'certificate', stageConfig('prod'));
  const certificateArn = 'arn:aws:acm:eu-central-1:111111111111:certificate/1';
  addCertificateAlarm(stack, 'Expiry', { name: 'certificate-expiry', certificateArn });
  return Object.entries(Template.fromStack(stack).findResources('AWS::CloudWatch::Alarm')) as [string, RawResource][];
}

const linked = [
  ...rawResources(prod, 'AWS::CloudWatch::Alarm'),
  ...rawResources(prod, 'AWS::CloudWatch::CompositeAlarm'),
  ...certificateAlarm(),
].map(([, { Properties }]) => /docs\/runbook\.md#(.+)$/.exec(String(Properties?.AlarmDescription))?.[1]);

test('every alarm has its article in the runbook', () => {
  expect(linked.filter((article) => !articles.includes(article))).toEqual([]);
});

test('every article has its alarm', () => {
  expect(articles.filter((article) => !linked.includes(article))).toEqual([]);
});
