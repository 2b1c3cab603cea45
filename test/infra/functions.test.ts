import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { functionNames } from '../../infra/build.ts';
import type { Deployment } from '../../local/template/deployment.ts';
import { ROUTES } from '../../shared/routes.ts';
import { rawResources, synthesized } from './synthesized.ts';

const root = path.resolve(import.meta.dirname, '../..');
const stages = { dev: synthesized('dev'), prod: synthesized('prod') };
const { prod } = stages;

/** Of our functions. The one that copies the site is the CDK's, with its rights: site.test.ts. */
const statementsOf = ({ of }: Deployment) =>
  of('AWS::IAM::Policy')
    .filter(({ stack }) => !stack.endsWith('-site'))
    .flatMap(({ logicalId, properties }) =>
      properties.PolicyDocument.Statement.map((statement) => ({ logicalId, ...statement })),
    );
const list = (value: string | string[] | undefined): string[] => (value === undefined ? [] : [value].flat());

test('every handler is deployed, and every route is served', () => {
  const deployed = prod.deployment.of('AWS::Lambda::Function').map(({ friendlyName }) => friendlyName);
  expect(deployed.sort()).toEqual(functionNames());
  for (const route of ROUTES) expect(deployed).toContain(route.function);
});

describe.each(Object.entries(stages))('%s', (stage, templates) => {
  const functions = templates.deployment.of('AWS::Lambda::Function');

  test('every function runs on Node 24, arm64, traced, with its own role and no managed policies', () => {
    for (const [id, { Properties }] of rawResources(templates, 'AWS::Lambda::Function')) {
      if (id.startsWith('CustomCDKBucketDeployment')) continue; // the CDK's own: site.test.ts
      expect(Properties).toMatchObject({
        Runtime: 'nodejs24.x',
        Architectures: ['arm64'],
        TracingConfig: { Mode: 'Active' },
      });
    }
    expect(new Set(functions.map(({ properties }) => properties.Role)).size).toBe(functions.length);
    for (const { name, properties } of templates.deployment.of('AWS::IAM::Role')) {
      // API Gateway's own for its access log, which AWS documents as this managed policy.
      if (!name.startsWith('api-cloud-watch')) expect([name, properties.ManagedPolicyArns]).toEqual([name, []]);
    }
  });

  test('every function writes to a log group that forgets', () => {
    const groups = rawResources(templates, 'AWS::Logs::LogGroup').map(([, { Properties }]) => Properties!);
    for (const { name } of functions) {
      const group = groups.find(({ LogGroupName }) => LogGroupName === `/aws/lambda/${name}`);
      expect(group?.RetentionInDays).toEqual(stage === 'prod' ? 90 : 14);
    }
  });

  test('every function has an alarm that says what it means and where to read on', () => {
    const alarms = rawResources(templates, 'AWS::CloudWatch::Alarm').map(([, { Properties }]) => Properties!);
    for (const { name, friendlyName } of functions) {
      const alarm = alarms.find(({ AlarmName }) => AlarmName === `${name}-errors`);
      expect(alarm?.AlarmDescription).toMatch(
        new RegExp(`^Impact: .{20,}\\. Runbook: docs/runbook\\.md#${friendlyName}$`),
      );
    }
  });

  test('environments hold ARNs of secrets and never a secret', () => {
    const names = functions.flatMap(({ properties }) => Object.entries(properties.Environment?.Variables ?? {}));
    for (const [name, value] of names) {
      if (/SECRET|TOKEN|PEPPER|KEY/.test(name) && !name.endsWith('_TABLE_NAME')) expect(value).toMatch(/^arn:/);
    }
  });
});

test('the identity provider without passwords is in no bundle', () => {
  for (const name of functionNames()) {
    expect([name, readFileSync(path.join(root, 'dist', name, 'index.mjs'), 'utf8').includes('oidc-provider')]).toEqual([
      name,
      false,
    ]);
  }
});

describe('rights', () => {
  test('no action is a wildcard', () => {
    const actions = statementsOf(prod.deployment).flatMap(({ Action }) => list(Action));
    expect(actions.filter((action) => action.includes('*'))).toEqual([]);
  });

  test('resources are wildcards only where the reason is written down beside the grant', () => {
    const wildcards = statementsOf(prod.deployment)
      .filter(({ Resource }) => list(Resource).some((resource) => resource.includes('*')))
      .map(({ Action, Resource }) => `${list(Action)} on ${list(Resource).filter((one) => one.includes('*'))}`);
    expect([...new Set(wildcards)].sort()).toEqual([
      's3:GetObject on arn:aws:s3:::quixess-prod-media-111111111111/*',
      's3:PutObject on arn:aws:s3:::quixess-prod-media-111111111111/*',
      'secretsmanager:CreateSecret,secretsmanager:DeleteSecret,secretsmanager:GetSecretValue,secretsmanager:PutSecretValue,secretsmanager:RestoreSecret on arn:aws:secretsmanager:eu-central-1:111111111111:secret:quixess/prod/connections/*',
      'secretsmanager:DeleteSecret,secretsmanager:GetSecretValue on arn:aws:secretsmanager:eu-central-1:111111111111:secret:quixess/prod/connections/*',
      'secretsmanager:GetSecretValue on arn:aws:secretsmanager:eu-central-1:111111111111:secret:quixess/prod/connections/*',
      'secretsmanager:GetSecretValue,secretsmanager:PutSecretValue on arn:aws:secretsmanager:eu-central-1:111111111111:secret:quixess/prod/connections/*',
      'xray:PutTelemetryRecords,xray:PutTraceSegments on *',
    ]);
  });

  test.each([
    ['DeliverEvent', 'deliveries'],
    ['RetryEvent', 'slow-deliveries'],
  ])('%s reaches its rows, its queues, its loops and the secrets of connections, and no more', (fn, queue) => {
    const statements = statementsOf(prod.deployment).filter(({ logicalId }) => logicalId.startsWith(fn));
    const rights = statements.flatMap(({ Action, Resource }) =>
      list(Action)
        .filter((action) => !/^(kms|xray|logs):/.test(action))
        .flatMap((action) => list(Resource).map((resource) => `${action} ${resource.split(':').slice(5).join(':')}`)),
    );
    expect(rights.sort()).toEqual([
      'dynamodb:GetItem table/connections',
      'dynamodb:GetItem table/endpoints',
      'dynamodb:GetItem table/events',
      'dynamodb:PutItem table/events',
      'dynamodb:UpdateItem table/endpoints',
      'dynamodb:UpdateItem table/events',
      'secretsmanager:GetSecretValue secret:quixess/prod/connections/*',
      `sqs:ChangeMessageVisibility quixess-prod-${queue}`,
      `sqs:DeleteMessage quixess-prod-${queue}`,
      `sqs:GetQueueAttributes quixess-prod-${queue}`,
      `sqs:GetQueueUrl quixess-prod-${queue}`,
      `sqs:ReceiveMessage quixess-prod-${queue}`,
      'sqs:SendMessage quixess-prod-exhausted-deliveries',
      'sqs:SendMessage quixess-prod-slow-deliveries',
      'states:StartExecution stateMachine:quixess-prod-endpoint-watch',
      'states:StartExecution stateMachine:quixess-prod-retry-ladder',
    ]);
  });

  test('only who connects, disconnects or rotates writes the secrets of all connections', () => {
    const writers = statementsOf(prod.deployment).filter(
      ({ Action, Resource }) =>
        list(Action).some((action) => /^secretsmanager:(Put|Create|Delete|Restore)/.test(action)) &&
        list(Resource).some((resource) => resource === '*' || resource.endsWith('/connections/*')),
    );
    expect(writers.map(({ logicalId }) => logicalId.replace(/Role.*/, '')).sort()).toEqual([
      'CreateConnection',
      'DeleteConnection',
      'PromoteSecret',
      'RotateSecret',
    ]);
  });

  test('only the meta webhook and no other function reads the app secret', () => {
    const readers = statementsOf(prod.deployment).filter(({ Resource }) =>
      list(Resource).some((resource) => resource.includes(':secret:meta-app')),
    );
    expect(readers.map(({ logicalId }) => logicalId)).toEqual([expect.stringMatching(/^ReceiveMetaWebhook/)]);
  });
});

describe('every function loads under the environment of its template', () => {
  const functions = prod.deployment.of('AWS::Lambda::Function');
  test.each(functions.map(({ friendlyName, properties }) => [friendlyName, properties] as const))('%s', (name, it) => {
    const entry = path.join(prod.deployment.assets.get(it.Code.S3Key)!, 'index.mjs');
    const script = 'const { handler } = await import(process.argv[1]); process.stdout.write(typeof handler);';
    const output = execFileSync(process.execPath, ['--input-type=module', '-e', script, entry], {
      // Nothing of this machine's: a variable that is missing in the template is missing here.
      env: { ...it.Environment?.Variables, AWS_REGION: 'eu-central-1', AWS_LAMBDA_FUNCTION_NAME: name },
      cwd: root,
      encoding: 'utf8',
    });
    expect(output).toBe('function');
  });
});
