import path from 'node:path';
import { defineConfig, type Plugin } from 'vite';
import { budgets } from './budgets.ts';

/** The kit brings its own typeface, 137 KB of it inline; ours is the system's. */
const withoutTypefaces: Plugin = {
  name: 'without-typefaces',
  enforce: 'pre',
  transform(code, id) {
    if (!id.includes('@cloudscape-design') || !/\.css(?:$|\?)/.test(id)) return null;
    return { code: code.replace(/@font-face\s*\{[^}]*\}/g, ''), map: null };
  },
};

export default defineConfig({
  root: import.meta.dirname,
  base: '/app/',
  plugins: [withoutTypefaces, budgets],
  build: {
    outDir: path.resolve(import.meta.dirname, '../../dist/site/app'),
    emptyOutDir: true,
    // Data URLs would hide files from the cache, and from the budgets.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    chunkSizeWarningLimit: 3000,
    // Of 2024: the first with light-dark(), in which our own styles are written.
    target: ['chrome123', 'edge123', 'firefox120', 'safari17.5'],
    // Of React's server side, which we have not.
    rolldownOptions: { onwarn: (warning, warn) => warning.code === 'MODULE_LEVEL_DIRECTIVE' || warn(warning) },
  },
});
