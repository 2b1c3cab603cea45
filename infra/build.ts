import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { builtinModules } from 'node:module';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { gzipSync } from 'node:zlib';
import { build, type Metafile, type OutputFile, type Plugin } from 'esbuild';
import { leanSchemas, leanZod } from './lean-zod.ts';
import { trimSdk } from './trim-sdk.ts';

const root = path.resolve(import.meta.dirname, '..');
const dist = path.join(root, 'dist');

/** Beside the assets, outside of them: a map in an asset would be uploaded, and unpacked at every cold start. */
const maps = path.join(dist, '.maps');

/** Beside the functions: what dashboard/build-site.ts writes. */
const SITE = ['site', '.site'];

/**
 * Node's own modules by `getBuiltinModule` instead of `import`. An ES import of one reads each of its exports once, and
 * `http` has some that load the whole of undici when read: 40 ms of a cold start for what nobody uses.
 */
const builtins: Plugin = {
  name: 'builtins',
  setup({ onResolve, onLoad }) {
    const names = new Set(builtinModules.flatMap((name) => [name, `node:${name}`]));
    onResolve({ filter: /^[a-z]/ }, ({ path: name, kind }) =>
      kind === 'import-statement' && names.has(name)
        ? { path: name, namespace: 'builtin', sideEffects: false }
        : undefined,
    );
    onLoad({ filter: /./, namespace: 'builtin' }, ({ path: name }) => ({ contents: exportsOf(name) }));
  },
};

/** Each name apart, so that those nobody imports are left out: reading all of them is what takes the time. */
function exportsOf(name: string): string {
  const names = Object.keys(process.getBuiltinModule(name) ?? {}).filter(
    (one) => /^\w+$/.test(one) && one !== 'default',
  );
  return [
    `const it = process.getBuiltinModule(${JSON.stringify(name)});`,
    'export default it;',
    ...names.map((one) => `const _${one} = /* @__PURE__ */ (() => it.${one})(); export { _${one} as ${one} };`),
  ].join('\n');
}

/**
 * Before anything else of a bundle. A dependency that is CommonJS may call `require` for Node's own modules. zod would try
 * `new Function` at its first object, and write one for each schema that is used: 1 to 2 ms of a cold start, to save less
 * than 2 µs of a request.
 */
const BANNER = 'const require=process.getBuiltinModule;globalThis.__zod_globalConfig={jitless:true};';

/** Event streams are imported late by the SDK, and for us never. */
const eventStreams: Plugin = {
  name: 'event-streams',
  setup({ onResolve }) {
    onResolve({ filter: /^@smithy\/core\/event-streams$/ }, ({ path: name, kind }) =>
      kind === 'import-statement' ? undefined : { path: name, external: true },
    );
  },
};

/** A function as it is uploaded. */
export type BuiltFunction = { name: string; contents: Uint8Array };

/** The names of all functions: each folder below `functions/` that has a handler. */
export function functionNames(): string[] {
  const folder = path.join(root, 'functions');
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => existsSync(path.join(folder, name, 'handler.ts')))
    .sort();
}

/**
 * Bundles every `functions/<name>/handler.ts` into `dist/<name>/index.mjs`, the function's asset. The same
 * sources give the same bytes.
 * @param hasMaps without source maps it is a fifth faster; those of an earlier build are removed
 * @throws when a function does not compile (esbuild has then printed where), or would not load on Lambda
 */
export async function buildFunctions({ hasMaps = true } = {}): Promise<BuiltFunction[]> {
  const names = functionNames();
  if (names.length === 0) return [];
  // One pass over all: what they share is read and parsed once. No splitting: its chunks would be shared between
  // functions, so that no asset could stand alone, and a change of one would deploy all.
  const { outputFiles, metafile } = await build({
    absWorkingDir: root,
    entryPoints: names.map((name) => ({
      in: path.join('functions', name, 'handler.ts'),
      out: path.join(name, 'index'),
    })),
    outdir: dist,
    write: false,
    metafile: true,
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    outExtension: { '.js': '.mjs' },
    // `module` first: the SDK's ES modules can be tree-shaken, its CommonJS files cannot.
    mainFields: ['module', 'main'],
    plugins: [leanSchemas, leanZod, builtins, eventStreams, trimSdk],
    minify: true,
    sourcemap: hasMaps && 'external',
    sourcesContent: false,
    legalComments: 'none',
    banner: { js: BANNER },
  });
  refuseMissingImports(metafile.outputs);
  if (!hasMaps) await rm(maps, { recursive: true, force: true });
  await Promise.all(outputFiles.map(write));
  await Promise.all([
    removeOthers(dist, [...names, path.basename(maps), ...SITE]),
    hasMaps && removeOthers(maps, names),
  ]);
  return outputFiles
    .filter(({ path: file }) => !isMap(file))
    .map(({ path: file, contents }) => ({ name: path.basename(path.dirname(file)), contents }));
}

/** @throws when a bundle imports at its start what is not in it */
function refuseMissingImports(outputs: Metafile['outputs']): void {
  for (const [file, { imports }] of Object.entries(outputs)) {
    const missing = imports.find(({ external, kind, path: name }) => {
      return external && kind === 'import-statement' && !name.startsWith('node:');
    });
    if (missing) throw new Error(`${file} needs ${missing.path}, which build.ts leaves out of the bundles`);
  }
}

const isMap = (file: string): boolean => file.endsWith('.map');

/** Leaves a file alone that is as it should be: another process may be reading it, and its time says when it changed. */
async function write(file: OutputFile): Promise<void> {
  const target = isMap(file.path) ? path.join(maps, path.relative(dist, file.path)) : file.path;
  if (existsSync(target) && readFileSync(target).equals(file.contents)) return;
  await mkdir(path.dirname(target), { recursive: true });
  await writeFile(target, file.contents);
}

async function removeOthers(folder: string, names: readonly string[]): Promise<void> {
  const gone = readdirSync(folder).filter((name) => !names.includes(name));
  await Promise.all(gone.map((name) => rm(path.join(folder, name), { recursive: true, force: true })));
}

const kilobytes = (bytes: number): string => `${(bytes / 1000).toFixed(0)} KB`.padStart(7);

function printSizes(functions: readonly BuiltFunction[]): void {
  console.log(`${'function'.padEnd(24)}    code    gzip`);
  for (const { name, contents } of functions) {
    console.log(`${name.padEnd(24)} ${kilobytes(contents.byteLength)} ${kilobytes(gzipSync(contents).byteLength)}`);
  }
}

if (import.meta.main) {
  const { values } = parseArgs({ options: { sizes: { type: 'boolean', default: false } } });
  const start = performance.now();
  const functions = await buildFunctions();
  if (values.sizes) printSizes(functions);
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  console.log(functions.length > 0 ? `built ${functions.length} functions in ${seconds} s` : 'no functions to build');
}
