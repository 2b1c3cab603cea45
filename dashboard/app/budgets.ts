import { brotliCompressSync, constants } from 'node:zlib';
import type { Plugin, Rolldown } from 'vite';

/** KB after brotli: what a person on a phone waits for, once. */
const FIRST_LOAD_KB = 450;
/** KB after brotli that a page may bring besides. */
const ROUTE_KB = 80;

type Chunk = Rolldown.OutputChunk & { viteMetadata?: { importedCss: Set<string> } };

/** Fails the build where the app grows above what people should wait for. */
export const budgets: Plugin = {
  name: 'budgets',
  apply: 'build',
  generateBundle(_options, bundle) {
    const sizes = new Map<string, number>();
    const sizeOf = (file: string): number => {
      const known = sizes.get(file);
      if (known !== undefined) return known;
      const output = bundle[file];
      const text = output?.type === 'chunk' ? output.code : (output?.source ?? '');
      const size = brotliCompressSync(text, { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } }).length;
      sizes.set(file, size);
      return size;
    };
    const chunk = (file: string): Chunk | undefined => {
      const output = bundle[file];
      return output?.type === 'chunk' ? (output as Chunk) : undefined;
    };
    const filesOf = (file: string, files = new Set<string>()): Set<string> => {
      if (files.has(file)) return files;
      files.add(file);
      for (const css of chunk(file)?.viteMetadata?.importedCss ?? []) files.add(css);
      for (const imported of chunk(file)?.imports ?? []) filesOf(imported, files);
      return files;
    };
    const kilobytes = (files: Iterable<string>): number =>
      [...files].reduce((sum, file) => sum + sizeOf(file), 0) / 1024;

    const chunks = Object.keys(bundle).flatMap((file) => chunk(file) ?? []);
    const entry = chunks.find(({ isEntry }) => isEntry);
    if (!entry) return this.error('There is no entry');
    const first = filesOf(entry.fileName);
    const rows = [{ name: 'first load', size: kilobytes(first), limit: FIRST_LOAD_KB }];
    for (const one of chunks.filter(({ isDynamicEntry }) => isDynamicEntry)) {
      const more = [...filesOf(one.fileName)].filter((file) => !first.has(file));
      rows.push({ name: one.name, size: kilobytes(more), limit: ROUTE_KB });
    }
    for (const { name, size, limit } of rows.sort((a, b) => b.size - a.size))
      console.log(`${size.toFixed(1).padStart(7)} KB of ${limit}  ${name}`);
    const over = rows.filter(({ size, limit }) => size > limit);
    if (over.length > 0)
      this.error(`Over the budget: ${over.map(({ name, size, limit }) => `${name} ${size.toFixed(1)} > ${limit} KB`)}`);
  },
};
