import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { buildFunctions } from './build.ts';

/**
 * Functions and templates for one machine: `node infra/local.ts <folder>`. One process for both, which reads the CDK
 * while esbuild, another one, bundles. The site's asset is an empty folder: whoever runs the templates need not wait
 * for it (local/build.ts).
 */
const [outdir = ''] = process.argv.slice(2);
const site = path.join(outdir, 'site');
const started = performance.now();
const done = (what: string): void => console.log(`${what}: ${((performance.now() - started) / 1000).toFixed(1)} s`);

mkdirSync(site, { recursive: true });
const [functions, { buildApp }] = await Promise.all([buildFunctions({ hasMaps: false }), import('./app.ts')]);
done(`${functions.length} functions built`);
// Not validated: the local stack checks the templates itself, it refuses what it does not know.
buildApp({ stage: 'local', outdir, site, validate: false }).synth();
done('templates synthesized');
