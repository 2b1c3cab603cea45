import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { loadAssembly } from '../../../local/template/assembly.ts';
import { type Deployment, resolveDeployment } from '../../../local/template/deployment.ts';

export type TemplateFixture = {
  Resources?: Record<string, object>;
  Parameters?: Record<string, object>;
  Conditions?: Record<string, object>;
  Mappings?: Record<string, object>;
  Outputs?: Record<string, object>;
};

export const PLACE = { account: '111111111111', region: 'eu-central-1', awsUrl: 'http://127.0.0.1:4512' };

/** Writes a cloud assembly as `cdk synth` does. @param stacks by construct path; stack names begin with `quixess-test-` */
export function writeAssembly(stacks: Record<string, TemplateFixture>): string {
  const directory = mkdtempSync(path.join(tmpdir(), 'assembly-'));
  const artifacts: Record<string, object> = {};
  for (const [name, template] of Object.entries(stacks)) {
    writeFileSync(path.join(directory, `${name}.template.json`), JSON.stringify(template));
    writeFileSync(
      path.join(directory, `${name}.assets.json`),
      JSON.stringify({
        files: {
          code: {
            source: { path: `asset.${name}`, packaging: 'zip' },
            destinations: { current: { objectKey: `${name}.zip`, bucketName: 'bootstrap' } },
          },
        },
      }),
    );
    mkdirSync(path.join(directory, `asset.${name}`));
    artifacts[name] = {
      type: 'aws:cloudformation:stack',
      displayName: name,
      environment: 'aws://unknown-account/eu-central-1',
      properties: { templateFile: `${name}.template.json`, stackName: `quixess-test-${name}` },
    };
    artifacts[`${name}.assets`] = { type: 'cdk:asset-manifest', properties: { file: `${name}.assets.json` } };
  }
  writeFileSync(path.join(directory, 'manifest.json'), JSON.stringify({ version: '1', artifacts }));
  return directory;
}

export const deploy = (stacks: Record<string, TemplateFixture>): Deployment =>
  resolveDeployment(loadAssembly(writeAssembly(stacks)), PLACE);

/** A resource with the path that CDK writes beside it. */
export const resource = (type: string, cdkPath: string, properties: object = {}): object => ({
  Type: type,
  Properties: properties,
  Metadata: { 'aws:cdk:path': cdkPath },
});
