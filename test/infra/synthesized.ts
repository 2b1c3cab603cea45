import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import * as z from 'zod';
import { type Assembly, loadAssembly } from '../../local/template/assembly.ts';
import { type Deployment, resolveDeployment } from '../../local/template/deployment.ts';
import { type Json, readJsonFile } from '../../local/template/json.ts';

const root = path.resolve(import.meta.dirname, '../..');
const cache = path.join(root, 'cdk.out', 'test');

/** What templates are made from. */
const SOURCES = ['infra', 'shared', 'dist', 'cdk.json', 'package-lock.json'];

/** A resource as it is in the template. */
export type RawResource = {
  Type: string;
  Properties?: Record<string, Json>;
  DeletionPolicy?: string;
  UpdateReplacePolicy?: string;
  Metadata?: Record<string, Json>;
};

export type Synthesized = {
  assembly: Assembly;
  /** Stacks that cannot be deleted before somebody takes it back. */
  protectedStacks: string[];
  /** Stack → its resources by logical id. */
  stacks: Record<string, Record<string, RawResource>>;
  /** The same with names, ARNs and URLs in place of CloudFormation's functions. */
  deployment: Deployment;
  /** Names of all outputs that are not for other stacks. */
  outputs: string[];
};

/**
 * The templates of a stage, synthesized as `cdk synth` does, with all checks: a finding nobody explained fails here.
 * Kept until something they are made from changes, for several test files read them.
 */
export function synthesized(stage: string): Synthesized {
  synthesize([stage]);
  const directory = directoryOf(stage);
  const assembly = loadAssembly(directory);
  return {
    assembly,
    protectedStacks: protectedStacks(directory),
    outputs: assembly.stacks.flatMap(({ template }) =>
      Object.entries(template.Outputs).flatMap(([name, { Export }]) => (Export ? [] : [name])),
    ),
    stacks: Object.fromEntries(
      assembly.stacks.map(({ constructPath }) => {
        const file = path.join(directory, `${constructPath}.template.json`);
        return [constructPath, JSON.parse(readFileSync(file, 'utf8')).Resources];
      }),
    ),
    deployment: resolveDeployment(assembly, {
      account: '111111111111',
      region: 'eu-central-1',
      awsUrl: 'http://127.0.0.1:4566',
    }),
  };
}

const directoryOf = (stage: string): string => path.join(cache, `${stage}-${fingerprint()}`);

/** Those of the stages that are not there yet, in one process: all but the first take less than half of its time. */
export function synthesize(stages: readonly string[]): void {
  // Named before they are made: a source that changes meanwhile makes others.
  const missing = stages
    .map((stage) => ({ stage, directory: directoryOf(stage) }))
    .filter(({ directory }) => !existsSync(directory));
  if (missing.length === 0) return;
  mkdirSync(cache, { recursive: true });
  const made = missing.map((one) => ({ ...one, outdir: mkdtempSync(path.join(cache, `${one.stage}.`)) }));
  const options = JSON.stringify(made.map(({ stage, outdir }) => ({ stage, outdir })));
  const script = `
    import { buildApp } from './infra/app.ts';
    for (const options of ${options}) buildApp(options).synth();
  `;
  try {
    execFileSync(process.execPath, ['--input-type=module', '-e', script], {
      cwd: root,
      stdio: 'pipe',
      env: WITHOUT_CREDENTIALS,
    });
    for (const { stage, directory, outdir } of made) keep(stage, directory, outdir);
  } finally {
    for (const { outdir } of made) rmSync(outdir, { recursive: true, force: true });
  }
}

function keep(stage: string, directory: string, temporary: string): void {
  for (const old of readdirSync(cache)) {
    // Another test file may have been faster with the same, and be reading it.
    const isOlder = old.startsWith(`${stage}-`) && old !== path.basename(directory);
    if (isOlder) rmSync(path.join(cache, old), { recursive: true, force: true });
  }
  try {
    renameSync(temporary, directory);
  } catch (error) {
    if (!existsSync(directory)) throw error;
  }
}

/** Nothing of AWS's of whoever runs the tests: neither keys, nor a profile, nor a machine's role. */
const WITHOUT_CREDENTIALS = {
  PATH: process.env.PATH,
  HOME: path.join(cache, 'nobody'),
  AWS_EC2_METADATA_DISABLED: 'true',
};

const Manifest = z.object({
  artifacts: z.record(
    z.string(),
    z.looseObject({
      displayName: z.string().optional(),
      properties: z.looseObject({ terminationProtection: z.boolean().optional() }).optional(),
    }),
  ),
});

const protectedStacks = (directory: string): string[] =>
  Object.values(readJsonFile(path.join(directory, 'manifest.json'), Manifest).artifacts).flatMap(
    ({ displayName, properties }) => (properties?.terminationProtection && displayName ? [displayName] : []),
  );

function fingerprint(): string {
  const hash = createHash('sha256');
  for (const source of SOURCES) {
    for (const file of filesIn(path.join(root, source))) {
      const { mtimeMs, size } = statSync(file);
      hash.update(`${file}\n${mtimeMs}\n${size}\n`);
    }
  }
  return hash.digest('hex').slice(0, 12);
}

function filesIn(entry: string): string[] {
  if (!statSync(entry).isDirectory()) return [entry];
  return readdirSync(entry)
    .sort()
    .flatMap((name) => filesIn(path.join(entry, name)));
}

/** All resources of a type, of every stack, as `[logical id, resource]`. */
export const rawResources = ({ stacks }: Synthesized, type: string): [string, RawResource][] =>
  Object.values(stacks).flatMap((resources) => Object.entries(resources).filter(([, { Type }]) => Type === type));
