import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { rawResources, synthesized } from './synthesized.ts';

const articles = [...readFileSync('docs/runbook.md', 'utf8').matchAll(/^## (.+)$/gm)].map(([, title]) => title);
const prod = synthesized('prod');

const linked = [
  ...rawResources(prod, 'AWS::CloudWatch::Alarm'),
  ...rawResources(prod, 'AWS::CloudWatch::CompositeAlarm'),
].map(([, { Properties }]) => /docs\/runbook\.md#(.+)$/.exec(String(Properties?.AlarmDescription))?.[1]);

test('every alarm has its article in the runbook', () => {
  expect(linked.filter((article) => !articles.includes(article))).toEqual([]);
});

test('every article has its alarm', () => {
  expect(articles.filter((article) => !linked.includes(article))).toEqual([]);
});
