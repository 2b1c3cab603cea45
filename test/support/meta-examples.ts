import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parseLossless } from '../../shared/meta/lossless-json.ts';

const root = path.resolve(import.meta.dirname, '../../events');

const namesIn = (folder: 'meta' | 'broken'): string[] =>
  readdirSync(path.join(root, folder))
    .filter((file) => file.endsWith('.json'))
    .map((file) => file.slice(0, -'.json'.length))
    .sort();

/** One file per shape Meta sends: `events/meta`. */
export const META_EXAMPLES = namesIn('meta');
/** One file per way in which it may be wrong: `events/broken`. */
export const BROKEN_EXAMPLES = namesIn('broken');

export const metaExampleBytes = (name: string, folder: 'meta' | 'broken' = 'meta'): Buffer =>
  readFileSync(path.join(root, folder, `${name}.json`));

export const metaExample = (name: string, folder: 'meta' | 'broken' = 'meta'): unknown =>
  parseLossless(metaExampleBytes(name, folder).toString('utf8'));
