import path from 'node:path';
import * as z from 'zod';
import { type Json, readJsonFile } from './json.ts';

const json = z.json() as z.ZodType<Json>;

const Resource = z.object({
  Type: z.string(),
  Properties: z.record(z.string(), json).default({}),
  Condition: z.string().optional(),
  Metadata: z.object({ 'aws:cdk:path': z.string().optional() }).optional(),
});
export type TemplateResource = z.output<typeof Resource>;

/** Sections that the local stack does not act on (`Rules`, `Outputs` without `Export`, …) are accepted and ignored. */
const Template = z.object({
  Resources: z.record(z.string(), Resource).default({}),
  Parameters: z.record(z.string(), z.object({ Type: z.string(), Default: json.optional() })).default({}),
  Conditions: z.record(z.string(), json).default({}),
  Mappings: z.record(z.string(), z.record(z.string(), z.record(z.string(), json))).default({}),
  Outputs: z.record(z.string(), z.object({ Value: json, Export: z.object({ Name: json }).optional() })).default({}),
});
export type Template = z.output<typeof Template>;

const Manifest = z.object({
  artifacts: z.record(
    z.string(),
    z.object({
      type: z.string(),
      displayName: z.string().optional(),
      /** `aws://<account>/<region>`, or `aws://unknown-account/unknown-region`. */
      environment: z.string().optional(),
      properties: z
        .object({
          templateFile: z.string().optional(),
          stackName: z.string().optional(),
          directoryName: z.string().optional(),
          file: z.string().optional(),
        })
        .optional(),
    }),
  ),
});

const AssetManifest = z.object({
  files: z
    .record(
      z.string(),
      z.object({
        source: z.object({ path: z.string(), packaging: z.string() }),
        destinations: z.record(z.string(), z.object({ objectKey: z.string() })),
      }),
    )
    .default({}),
});

/** One synthesized stack. */
export type StackTemplate = {
  name: string;
  /** The stack's path in the construct tree; every `aws:cdk:path` in it begins with this. */
  constructPath: string;
  template: Template;
};

export type Assembly = {
  stacks: StackTemplate[];
  /** Where the stacks were synthesized for; undefined where the templates leave it open. */
  account: string | undefined;
  region: string | undefined;
  /** Object key in the bootstrap bucket → the local folder or file that `cdk deploy` would upload there. */
  assets: Map<string, string>;
};

/**
 * Reads a cloud assembly (the folder that `cdk synth` writes), nested ones of CDK stages included.
 * Format: https://docs.aws.amazon.com/cdk/v2/guide/deploy.html (manifest.json, *.template.json, *.assets.json).
 */
export function loadAssembly(directory: string): Assembly {
  const assembly: Assembly = { stacks: [], account: undefined, region: undefined, assets: new Map() };
  const manifest = readJsonFile(path.join(directory, 'manifest.json'), Manifest);
  for (const [id, { type, displayName, environment, properties }] of Object.entries(manifest.artifacts)) {
    if (type === 'aws:cloudformation:stack' && properties?.templateFile) {
      const template = readJsonFile(path.join(directory, properties.templateFile), Template);
      const [, account, region] = /^aws:\/\/(\d+|unknown-account)\/(.+)$/.exec(environment ?? '') ?? [];
      if (account && account !== 'unknown-account') assembly.account = account;
      if (region && region !== 'unknown-region') assembly.region = region;
      assembly.stacks.push({ name: properties.stackName ?? id, constructPath: displayName ?? id, template });
    } else if (type === 'cdk:asset-manifest' && properties?.file) {
      readAssets(directory, properties.file, assembly.assets);
    } else if (type === 'cdk:cloud-assembly' && properties?.directoryName) {
      const nested = loadAssembly(path.join(directory, properties.directoryName));
      assembly.stacks.push(...nested.stacks);
      assembly.account ??= nested.account;
      assembly.region ??= nested.region;
      for (const [key, source] of nested.assets) assembly.assets.set(key, source);
    }
  }
  return assembly;
}

function readAssets(directory: string, file: string, assets: Map<string, string>): void {
  for (const { source, destinations } of Object.values(readJsonFile(path.join(directory, file), AssetManifest).files)) {
    for (const { objectKey } of Object.values(destinations))
      assets.set(objectKey, path.resolve(directory, source.path));
  }
}
