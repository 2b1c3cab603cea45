import { describe, expect, test } from '@jest/globals';
import { cdkContext } from '../../infra/cdk-context.ts';
import { stageConfig } from '../../infra/config.ts';
import { EXTERNAL_PREFIX } from '../../shared/routes.ts';
import { rawResources, synthesize, synthesized } from './synthesized.ts';

/** A developer's own deployment, the company's, and this machine's. Each is synthesized without credentials, with every check. */
const STAGES = ['sandbox-ci', 'dev', 'staging', 'prod', 'local'];
synthesize(STAGES);

/** CloudFormation stops at 500; what comes with the next endpoint has to fit. */
const MOST_RESOURCES = 450;

/** What holds something that a deployment must not lose: a new type here has its logical ids in data.test.ts. */
const STATEFUL = /^AWS::(DynamoDB|S3|SecretsManager|KMS|Cognito|RDS|EFS|Timestream|OpenSearchService|Backup)::/;

test('templates are held against the rules of CloudFormation whenever they are synthesized', () => {
  expect(cdkContext()).toMatchObject({ '@aws-cdk/core:validateAgainstDefaultRules': true });
});

describe.each(STAGES)('%s', (stage) => {
  const templates = synthesized(stage);
  const config = stageConfig(stage);

  test('no stack has 450 resources', () => {
    const sizes = Object.entries(templates.stacks).map(([name, of]) => [name, Object.keys(of).length] as const);
    expect(sizes.length).toBeGreaterThanOrEqual(4);
    expect(sizes.filter(([, size]) => size >= MOST_RESOURCES)).toEqual([]);
  });

  test('functions run on arm64, and every log group forgets', () => {
    for (const [id, { Properties }] of rawResources(templates, 'AWS::Lambda::Function')) {
      expect([id, Properties?.Architectures]).toEqual([id, ['arm64']]);
    }
    for (const [id, { Properties }] of rawResources(templates, 'AWS::Logs::LogGroup')) {
      expect([id, Properties?.RetentionInDays]).toEqual([id, config.logRetention]);
    }
  });

  test('what runs by the clock is not repeated, by EventBridge nor by Lambda', () => {
    const rules = rawResources(templates, 'AWS::Events::Rule').flatMap(([, { Properties }]) => Properties?.Targets);
    const repeats = rules.map((target) => (target as { RetryPolicy?: { MaximumRetryAttempts: number } }).RetryPolicy);
    expect(repeats.length).toBeGreaterThanOrEqual(5);
    expect(repeats).toEqual(repeats.map(() => ({ MaximumRetryAttempts: 0 })));
    const invocations = rawResources(templates, 'AWS::Lambda::EventInvokeConfig');
    expect(invocations.map(([, { Properties }]) => Properties?.MaximumRetryAttempts)).toEqual(rules.map(() => 0));
  });

  test('people sign in with two factors, and come back to the site of the stage', () => {
    const [pool] = rawResources(templates, 'AWS::Cognito::UserPool');
    expect(pool?.[1].Properties).toMatchObject({ MfaConfiguration: 'ON', EnabledMfas: ['SOFTWARE_TOKEN_MFA'] });
    const [client] = rawResources(templates, 'AWS::Cognito::UserPoolClient');
    expect(client?.[1].Properties?.CallbackURLs).toEqual([`${config.siteUrl}/app/callback`]);
  });

  test('stacks and tables are protected where the stage says so', () => {
    expect(templates.protectedStacks.sort()).toEqual(
      config.data.deletionProtection ? Object.keys(templates.stacks).sort() : [],
    );
    for (const { friendlyName, properties } of templates.deployment.of('AWS::DynamoDB::GlobalTable')) {
      expect([friendlyName, properties.Replicas?.[0]?.DeletionProtectionEnabled ?? false]).toEqual([
        friendlyName,
        config.data.deletionProtection,
      ]);
    }
  });
});

describe('prod', () => {
  const prod = synthesized('prod');
  const config = stageConfig('prod');

  test('whatever could hold data is in the data stack and outlives it, or is made anew', () => {
    const stateful = Object.entries(prod.stacks).flatMap(([stack, resources]) =>
      Object.entries(resources)
        .filter(([, { Type }]) => STATEFUL.test(Type) && Type !== 'AWS::KMS::Alias')
        .map(([id, { DeletionPolicy }]) => ({ stack, id, DeletionPolicy })),
    );
    const [kept, others] = [true, false].map((isKept) => stateful.filter(({ stack }) => (stack === 'data') === isKept));
    expect(kept!.length).toBeGreaterThan(15);
    expect(new Set(kept!.map(({ DeletionPolicy }) => DeletionPolicy))).toEqual(new Set(['Retain']));
    // Somewhere else nothing may be retained: it would look as if it were worth keeping.
    expect(others!.filter(({ DeletionPolicy }) => DeletionPolicy !== 'Delete')).toEqual([]);
  });

  test('our own key encrypts every table and every secret, and is rotated', () => {
    const own = { 'Fn::GetAtt': [expect.stringMatching(/^Key/), 'Arn'] };
    for (const [, { Properties }] of rawResources(prod, 'AWS::SecretsManager::Secret')) {
      expect(Properties?.KmsKeyId).toEqual(own);
    }
    for (const [, { Properties }] of rawResources(prod, 'AWS::DynamoDB::GlobalTable')) {
      expect(Properties?.Replicas).toMatchObject([{ SSESpecification: { KMSMasterKeyId: own } }]);
    }
    for (const [, { Properties }] of rawResources(prod, 'AWS::KMS::Key')) {
      expect(Properties?.EnableKeyRotation).toBe(true);
    }
  });

  test('every gateway has a firewall in front of it', () => {
    const gateways = rawResources(prod, 'AWS::ApiGateway::RestApi').map(([id]) => id);
    const associations = JSON.stringify(rawResources(prod, 'AWS::WAFv2::WebACLAssociation'));
    expect(gateways.filter((id) => !associations.includes(`{"Ref":"${id}"}`))).toEqual([]);
    expect(JSON.stringify(rawResources(prod, 'AWS::WAFv2::WebACL'))).toContain(EXTERNAL_PREFIX);
  });

  test('functions that must not starve others, nor be starved, have environments of their own', () => {
    const reserved = prod.deployment.of('AWS::Lambda::Function').flatMap(({ friendlyName, properties }) => {
      const environments = properties.ReservedConcurrentExecutions;
      return environments === undefined ? [] : [[friendlyName, environments] as const];
    });
    expect(Object.fromEntries(reserved)).toEqual(config.reservedConcurrency);
  });
});
