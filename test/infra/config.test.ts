import { expect, test } from '@jest/globals';
import { stageConfig } from '../../infra/config.ts';

test.each(['prod', 'staging', 'dev', 'sandbox-ann'])('functions of %s only call public addresses', (stage) => {
  expect(stageConfig(stage).endpointPolicy).toBe('public');
  expect(stageConfig(stage).meta.graphUrl).toBe('https://graph.facebook.com');
});

test('prod keeps what customers trusted us with', () => {
  expect(stageConfig('prod').data).toEqual({
    onRemoval: 'retain',
    deletionProtection: true,
    pointInTimeRecovery: true,
    ownKey: true,
  });
});

test('a sandbox carries its own name and wakes nobody', () => {
  expect(stageConfig('sandbox-ann')).toMatchObject({ name: 'sandbox-ann', alarms: false });
});

test('a site without a domain is where CloudFront put it, and so are its errors and where people come back to', () => {
  expect(stageConfig('sandbox-ann', 'https://d1234.cloudfront.net')).toMatchObject({
    siteUrl: 'https://d1234.cloudfront.net',
    errorDocsUrl: 'https://d1234.cloudfront.net/developers/errors',
  });
  for (const no of ['d1234.cloudfront.net', 'https://d1234.cloudfront.net/', 'http://example.com', ''])
    expect(() => stageConfig('dev', no)).toThrow(/without a slash/);
});

test.each(['', 'production', 'sandbox-', 'sandbox-Ann', 'sandbox-a-b', 'toString'])('refuses the stage %j', (stage) => {
  expect(() => stageConfig(stage)).toThrow(/Known stages: local, dev, staging, prod, sandbox-/);
});

test('Meta is given up on while API Gateway still waits, and an endpoint while the worker does', () => {
  const { meta, deliveryTimeoutMs } = stageConfig('prod');
  expect(meta.timeoutMs).toBeLessThan(29_000 - 5_000);
  expect(deliveryTimeoutMs).toBe(15_000);
});
