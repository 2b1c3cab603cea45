import { describe, expect, test } from '@jest/globals';
import { stageConfig } from '../../infra/config.ts';
import { METRICS } from '../../shared/metric-catalog.ts';
import { type RawResource, rawResources, synthesized } from './synthesized.ts';

const prod = synthesized('prod');
const { of } = prod.deployment;
const alarms = rawResources(prod, 'AWS::CloudWatch::Alarm').map(([, { Properties }]) => Properties!);
const named = (suffix: string) => alarms.find(({ AlarmName }) => AlarmName === `quixess-prod-${suffix}`);
const [composite] = rawResources(prod, 'AWS::CloudWatch::CompositeAlarm').map(([, { Properties }]) => Properties!);
const paging = [...String(composite?.AlarmRule).matchAll(/ALARM\("([^"]+)"\)/g)].map(([, name]) => name);
const byName = (topic: string) => ({ 'Fn::Join': ['', expect.arrayContaining([`:quixess-prod-${topic}`])] });

describe('everything that can fail has its alarm, in whatever stack it is', () => {
  test('each function', () => {
    const without = of('AWS::Lambda::Function').filter(({ friendlyName }) => !named(`${friendlyName}-errors`));
    expect(without.map(({ friendlyName }) => friendlyName)).toEqual([]);
    expect(named('functions-throttled')).toBeDefined();
  });

  test('each queue', () => {
    const without = of('AWS::SQS::Queue').filter(
      ({ friendlyName }) => !named(`${friendlyName}-late`) && !named(`${friendlyName}-not-empty`),
    );
    expect(without.map(({ friendlyName }) => friendlyName)).toEqual([]);
  });

  test('each state machine', () => {
    const without = of('AWS::StepFunctions::StateMachine').filter(
      ({ friendlyName }) => !named(`${friendlyName}-broken`),
    );
    expect(without.map(({ friendlyName }) => friendlyName)).toEqual([]);
  });

  test('each table and each of its indexes', () => {
    for (const { friendlyName, properties } of of('AWS::DynamoDB::GlobalTable')) {
      const alarm = JSON.stringify(named(`${friendlyName}-throttled`) ?? null);
      const watched = (properties.GlobalSecondaryIndexes ?? []).map(({ IndexName }) => IndexName);
      for (const name of ['ReadThrottleEvents', 'WriteThrottleEvents', ...watched]) {
        expect([friendlyName, alarm.includes(`"${name}"`)]).toEqual([friendlyName, true]);
      }
    }
  });

  test('the authorizer by what the gateway says of it, for it also fails to say no', () => {
    expect(JSON.stringify(named('authorize-api-key-errors'))).toContain('authorizer-faults');
  });
});

test('what pages does it together; everything else writes a ticket', () => {
  expect(paging.length).toBeGreaterThan(8);
  expect(paging.length).toBeLessThanOrEqual(100); // CloudWatch takes no more in one rule
  const names = new Set(alarms.map(({ AlarmName }) => AlarmName));
  expect(paging.filter((name) => !names.has(name ?? ''))).toEqual([]);
  for (const { AlarmName, AlarmActions } of alarms) {
    const expected = paging.includes(String(AlarmName)) ? undefined : [byName('ticket')];
    expect({ AlarmName, AlarmActions }).toEqual({ AlarmName, AlarmActions: expected });
  }
});

test('sending, taking from Meta and delivering wake somebody; a DLQ of one tenant does not', () => {
  for (const name of ['send-otp-errors', 'receive-meta-webhook-errors', 'deliver-event-errors', 'api-unavailable']) {
    expect(paging).toContain(`quixess-prod-${name}`);
  }
  expect(paging).not.toContain('quixess-prod-failed-deliveries-not-empty');
});

describe('topics', () => {
  const topics = rawResources(prod, 'AWS::SNS::Topic').map(([id, { Properties }]) => [id, Properties!] as const);
  const config = stageConfig('prod').alarms;

  test('one for each severity, encrypted with a key that CloudWatch may use', () => {
    expect(topics.map(([, { TopicName }]) => TopicName).sort()).toEqual(['quixess-prod-page', 'quixess-prod-ticket']);
    const keys = Object.fromEntries(rawResources(prod, 'AWS::KMS::Key'));
    for (const [, { KmsMasterKeyId }] of topics) {
      const key = keys[(KmsMasterKeyId as { 'Fn::GetAtt': [string, string] })['Fn::GetAtt'][0]];
      expect(JSON.stringify(key)).toContain('cloudwatch.amazonaws.com');
    }
  });

  test('CloudWatch may publish, over TLS', () => {
    const policies = JSON.stringify(rawResources(prod, 'AWS::SNS::TopicPolicy'));
    expect(policies.match(/"Service":"cloudwatch\.amazonaws\.com"/g)).toHaveLength(topics.length);
    expect(policies.match(/"aws:SecureTransport":"false"/g)).toHaveLength(topics.length);
  });

  test('tell the addresses of the stage', () => {
    const addresses = rawResources(prod, 'AWS::SNS::Subscription').map(([, { Properties }]) => Properties?.Endpoint);
    expect(config && [...config.page, ...config.ticket].sort()).toEqual(addresses.sort());
  });
});

test('the dashboard shows the four golden signals', () => {
  const [dashboard] = rawResources(prod, 'AWS::CloudWatch::Dashboard') as [string, RawResource][];
  const body = JSON.stringify(dashboard);
  for (const signal of ['Traffic', 'Errors', 'Latency', 'Saturation']) expect(body).toContain(signal);
  const own = Object.keys(METRICS).filter((name) => body.includes(`SUM(${name})`));
  expect(own).toEqual(expect.arrayContaining(['DeliveryAttempt', 'SendTransition', 'RateLimited']));
});

test('a sandbox has no alarms, topics or dashboards, and costs nothing for them', () => {
  const sandbox = synthesized('sandbox-ci');
  for (const type of ['CloudWatch::Alarm', 'CloudWatch::CompositeAlarm', 'CloudWatch::Dashboard', 'SNS::Topic']) {
    expect(rawResources(sandbox, `AWS::${type}`)).toEqual([]);
  }
});
