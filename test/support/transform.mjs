import { transformSync } from 'esbuild';

/** Types are stripped, not checked, here; `npm run typecheck` checks them. */
export default {
  process: (source, path) => ({
    code: transformSync(source, {
      loader: 'ts',
      format: 'esm',
      target: 'node24',
      sourcemap: 'inline',
      sourcefile: path,
    }).code,
  }),
};
