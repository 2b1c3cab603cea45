import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import { cdkContext } from '../../infra/cdk-context.ts';

const root = path.resolve(import.meta.dirname, '../..');

test('a finding that nobody explained fails synthesis', () => {
  const outdir = mkdtempSync(path.join(os.tmpdir(), 'quixess-finding-'));
  const script = `
    import { Queue } from 'aws-cdk-lib/aws-sqs';
    import { buildApp } from './infra/app.ts';
    const app = buildApp({ stage: 'dev', outdir: ${JSON.stringify(outdir)} });
    new Queue(app.node.findChild('delivery'), 'Unexplained');
    app.synth();
  `;
  const { status, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
    cwd: root,
    encoding: 'utf8',
  });
  rmSync(outdir, { recursive: true });
  expect(stderr).toContain('AwsSolutions-SQS4');
  expect(status).not.toBe(0);
}, 60_000);

test('an unknown stage is refused, naming the known ones', () => {
  expect(() =>
    execFileSync(process.execPath, ['infra/app.ts', '--stage', 'production'], { cwd: root, stdio: 'pipe' }),
  ).toThrow(/Known stages: local, dev, staging, prod/);
});

test('every feature flag that the CDK recommends is set, but those with a reason', () => {
  const recommended = JSON.parse(
    readFileSync(path.join(root, 'node_modules/aws-cdk-lib/recommended-feature-flags.json'), 'utf8'),
  );
  const context = cdkContext();
  const differing = Object.keys(recommended).filter((flag) => {
    return JSON.stringify(context[flag]) !== JSON.stringify(recommended[flag]);
  });
  expect(differing.sort()).toEqual([
    // `strong`: what another stack uses cannot be taken away by a deployment of its own stack.
    '@aws-cdk/core:defaultCrossStackReferences',
    // Usage data for the CDK's makers; synthesis tells nobody anything.
    '@aws-cdk/core:enableAdditionalMetadataCollection',
  ]);
});
