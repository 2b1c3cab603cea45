import { mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { beforeAll, expect, test } from '@jest/globals';
import { build } from 'esbuild';
import { leanSchemas, leanZod } from '../../infra/lean-zod.ts';

const root = path.resolve(import.meta.dirname, '../..');

const SHARED = `import * as z from 'zod';
const text = z.string().nullable();
export const Unused = z.object({ nobody_asks: text });
export const AlsoUnused = Unused.extend({
  of_a_chain: z.number().optional(),
}).refine(() => {
  return true;
});
export const Used = z.object({
  name: z.string(),
  title: z.string().optional(),
  count: z.number().int().default(1),
  list: z.array(z.object({ name: z.string(), title: z.string().optional() })),
});
export const upper = (name: string): string => {
  const done = name.toUpperCase();
  return done;
};
`;
const HANDLER = `import { Used, upper } from '../shared/things.ts';
export { Used };
export const read = (value: unknown) => upper(Used.parse(value).name);
`;

let code: string;
let bundle: { read(value: unknown): string; Used: typeof import('zod') & { shape: Record<string, unknown> } };

beforeAll(async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'lean-'));
  for (const [name, text] of Object.entries({ 'shared/things.ts': SHARED, 'functions/it.ts': HANDLER })) {
    mkdirSync(path.join(folder, path.dirname(name)), { recursive: true });
    writeFileSync(path.join(folder, name), text);
  }
  symlinkSync(path.join(root, 'node_modules'), path.join(folder, 'node_modules'));
  const { outputFiles } = await build({
    absWorkingDir: folder,
    entryPoints: ['functions/it.ts'],
    outdir: folder,
    write: false,
    bundle: true,
    platform: 'node',
    format: 'esm',
    plugins: [leanSchemas, leanZod],
    banner: { js: 'globalThis.__zod_globalConfig={jitless:true};' },
  });
  code = outputFiles[0]!.text;
  const file = path.join(folder, 'it.mjs');
  writeFileSync(file, code);
  bundle = await import(file);
});

test('schemas that a function does not use are not in its bundle', () => {
  expect(code).not.toMatch(/nobody_asks|of_a_chain/);
});

test('those it uses take and refuse what they should', () => {
  expect(bundle.read({ name: 'ann', list: [{ name: 'a' }] })).toBe('ANN');
  expect(() => bundle.read({ name: 'ann', title: 1, list: [] })).toThrow(/expected string/);
  expect(() => bundle.read({ name: 'ann', list: [{ title: 'a' }] })).toThrow(/expected string/);
});

test('equal schemas are one', () => {
  const { name, title, list } = bundle.Used.shape as Record<string, { element?: { shape: object } }>;
  expect(list?.element?.shape).toMatchObject({ name, title });
  expect(Object.values(list?.element?.shape ?? {})[0]).toBe(name);
});

test('what zod has and nobody of ours uses is not there either', () => {
  expect(code).not.toMatch(/ZodKSUID|ZodCIDRv6/);
});
