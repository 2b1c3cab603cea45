import { existsSync, readdirSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { gzipSync } from 'node:zlib';
import { build, type Metafile, type OutputFile } from 'esbuild';

const root = path.resolve(import.meta.dirname, '..');
const dist = path.join(root, 'dist');

/** Beside the assets, outside of them: a map in the asset would be uploaded, and read at every cold start. */
const maps = path.join(dist, '.maps');

/** What one function weighs, bytes: all code of its asset, and the part that every cold start reads. */
export type BuiltFunction = { name: string; bytes: number; gzipBytes: number; coldBytes: number };

/** The names of all functions: each folder below `functions/` that has a handler. */
export function functionNames(): string[] {
  const folder = path.join(root, 'functions');
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => existsSync(path.join(folder, name, 'handler.ts')))
    .sort();
}

/**
 * Bundles every `functions/<name>/handler.ts` into the self-contained folder `dist/<name>`, which is the function's
 * asset. Functions that are gone lose their folder. The same sources give the same bytes.
 * @throws when a function does not compile; esbuild has then printed where
 */
export async function buildFunctions(): Promise<BuiltFunction[]> {
  const names = functionNames();
  await removeOthers(names);
  return Promise.all(names.map(buildFunction));
}

/**
 * One esbuild call per function, all at once in one process: chunks of a single call would be shared between
 * functions, and an asset could not stand alone. Splitting keeps what the SDK imports lazily (credential providers
 * that Lambda never asks for) in files of their own, which a cold start does not read.
 */
async function buildFunction(name: string): Promise<BuiltFunction> {
  const { outputFiles, metafile } = await build({
    absWorkingDir: root,
    entryPoints: { index: path.join('functions', name, 'handler.ts') },
    outdir: path.join(dist, name),
    write: false,
    metafile: true,
    bundle: true,
    splitting: true,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    outExtension: { '.js': '.mjs' },
    // `module` first: the SDK's ES modules can be tree-shaken, its CommonJS files cannot.
    mainFields: ['module', 'main'],
    minify: true,
    sourcemap: 'external',
    sourcesContent: false,
    // Some dependencies are CommonJS and call `require` for Node's own modules.
    banner: { js: "import{createRequire as __cr}from'node:module';const require=__cr(import.meta.url);" },
    legalComments: 'none',
  });
  await rm(path.join(dist, name), { recursive: true, force: true });
  await rm(path.join(maps, name), { recursive: true, force: true });
  await Promise.all(outputFiles.map((file) => write(name, file)));
  return { name, ...weigh(outputFiles), coldBytes: coldBytes(metafile.outputs) };
}

async function write(name: string, file: OutputFile): Promise<void> {
  const folder = file.path.endsWith('.map') ? path.join(maps, name) : path.join(dist, name);
  await mkdir(folder, { recursive: true });
  await writeFile(path.join(folder, path.basename(file.path)), file.contents);
}

function weigh(files: readonly OutputFile[]): Pick<BuiltFunction, 'bytes' | 'gzipBytes'> {
  const code = files.filter((file) => !file.path.endsWith('.map'));
  const sum = (bytes: (file: OutputFile) => number) => code.reduce((total, file) => total + bytes(file), 0);
  return {
    bytes: sum((file) => file.contents.byteLength),
    gzipBytes: sum((file) => gzipSync(file.contents).byteLength),
  };
}

/** The entry and what it imports statically, directly or not; lazily imported chunks are read only when asked for. */
function coldBytes(outputs: Metafile['outputs']): number {
  const read = new Set(Object.keys(outputs).filter((file) => path.basename(file) === 'index.mjs'));
  for (const file of read) {
    for (const { kind, path: imported } of outputs[file]?.imports ?? []) {
      if (kind === 'import-statement' && imported in outputs) read.add(imported); // a Set is walked while it grows
    }
  }
  return [...read].reduce((total, file) => total + (outputs[file]?.bytes ?? 0), 0);
}

async function removeOthers(names: readonly string[]): Promise<void> {
  for (const folder of [dist, maps]) {
    if (!existsSync(folder)) continue;
    const gone = readdirSync(folder).filter((name) => name !== path.basename(maps) && !names.includes(name));
    await Promise.all(gone.map((name) => rm(path.join(folder, name), { recursive: true, force: true })));
  }
}

const kib = (bytes: number) => `${(bytes / 1024).toFixed(0)} KB`.padStart(7);

function printSizes(functions: readonly BuiltFunction[]): void {
  console.log(`${'function'.padEnd(24)}     code    gzip    cold`);
  for (const { name, bytes, gzipBytes, coldBytes } of functions) {
    console.log(`${name.padEnd(24)} ${kib(bytes)} ${kib(gzipBytes)} ${kib(coldBytes)}`);
  }
}

if (import.meta.main) {
  const { values } = parseArgs({ options: { sizes: { type: 'boolean', default: false } } });
  const start = performance.now();
  const functions = await buildFunctions();
  if (values.sizes) printSizes(functions);
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  console.log(
    functions.length > 0 ? `built ${functions.length} functions in ${seconds} s` : 'no function to build yet',
  );
}
