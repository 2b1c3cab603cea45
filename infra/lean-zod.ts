import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Plugin, transform } from 'esbuild';

/** A constant at the top level that is no function, as esbuild prints it: nothing within it begins a line but its end. */
const CONSTANT = /^((?:export )?const \w+ = )(?!async |\(.*=>|\w+ =>|class )(.*(?:\n[ }\])].*|\n(?=\n))*);$/gm;

/** Schemas that are the same wherever they are written. */
const COMMON = /\bz\.(string|number|boolean|unknown)\(\)(?:\.(optional|nullable|nullish)\(\))?/g;
const COMMON_MODULE = 'common-schemas';

/**
 * Of the schemas in a module only those that a function uses, and of equal ones but one. A schema takes 10 to 20 µs to make
 * at each cold start, and a function met 300 to 800; it needs 60 to 250. esbuild keeps every call at a module's top level,
 * for it might do something; schemas do nothing, so those nobody uses may go, and nobody changes one, so it may be shared.
 */
export const leanSchemas: Plugin = {
  name: 'lean-schemas',
  setup({ onLoad, onResolve }) {
    onLoad({ filter: /[/\\](?:functions|shared)[/\\].*\.ts$/ }, async ({ path: file }) => {
      const source = await readFile(file, 'utf8');
      if (!source.includes("from 'zod'")) return undefined;
      const { code } = await transform(source, {
        loader: 'ts',
        target: 'node24',
        sourcefile: file,
        sourcemap: 'inline',
      });
      const common = new Map<string, string>();
      const contents = code
        .replace(COMMON, (written, type: string, kind = '') => {
          common.set(`_${type}_${kind}`, written);
          return `_${type}_${kind}`;
        })
        .replace(CONSTANT, '$1/* @__PURE__ */ (() => ($2))();');
      return { contents: `${contents}\nimport { ${[...common.keys()]} } from '${COMMON_MODULE}';`, loader: 'js' };
    });
    onResolve({ filter: new RegExp(`^${COMMON_MODULE}$`) }, ({ resolveDir }) => ({
      path: COMMON_MODULE,
      namespace: COMMON_MODULE,
      pluginData: resolveDir,
      sideEffects: false,
    }));
    onLoad({ filter: /./, namespace: COMMON_MODULE }, ({ pluginData: resolveDir }) => ({
      contents: commonSchemas(),
      resolveDir,
    }));
  },
};

function commonSchemas(): string {
  const lines = ["import * as z from 'zod';"];
  for (const type of ['string', 'number', 'boolean', 'unknown']) {
    lines.push(`export const _${type}_ = /* @__PURE__ */ z.${type}();`);
    for (const kind of ['optional', 'nullable', 'nullish']) {
      lines.push(`export const _${type}_${kind} = /* @__PURE__ */ (() => _${type}_.${kind}())();`);
    }
  }
  return lines.join('\n');
}

/** `describe` and `meta` give the schema itself: nobody reads descriptions, of which each makes a schema a second time. */
const DESCRIPTION = /(\n {4}(?:describe|meta)\([^)]*\) \{\n)/g;

/** `z.string().email()`, in 25 kinds that every string knows of; the house writes `z.email()`, which is alone. */
const FORMAT_OF_STRINGS = /\n {4}\w+\(params\) \{\n {8}return this\.check\(core\._\w+\(Zod\w+, params\)\);\n {4}\},/g;

/**
 * Parts of zod that every schema reaches and none of ours uses. JSON schemas are made by two files, for the API
 * document's generator alone; their functions are called when a schema is made, so each becomes one that gives a
 * function nobody calls.
 */
export const leanZod: Plugin = {
  name: 'lean-zod',
  setup({ onLoad }) {
    onLoad({ filter: /zod\/v4\/classic\/schemas\.js$/ }, async ({ path: file }) => {
      let contents = await readFile(file, 'utf8');
      for (const [part, instead] of [
        [DESCRIPTION, '$1        return this;\n'],
        [FORMAT_OF_STRINGS, ''],
      ] as const) {
        const left = contents.replace(part, instead);
        if (left === contents) throw new Error(`lean-zod.ts: nothing like ${part} is in zod any more`);
        contents = left;
      }
      return { contents, resolveDir: path.dirname(file) };
    });
    onLoad({ filter: /zod\/v4\/core\/(?:to-json-schema|json-schema-processors)\.js$/ }, async ({ path: file }) => {
      const names = Object.keys(await import(pathToFileURL(file).href));
      const left = "() => () => { throw new Error('JSON schemas are left out of the bundles') }";
      return { contents: names.map((name) => `export const ${name} = ${left};`).join('\n') };
    });
  },
};
