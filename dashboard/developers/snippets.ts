import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Grammar } from './highlight.ts';

export type Snippet = { label: string; grammar: Grammar; file: string; code: string };

const FILES: readonly (readonly [label: string, grammar: Grammar, file: string])[] = [
  ['Node', 'javascript', 'verify.mjs'],
  ['Python', 'python', 'verify.py'],
  ['PHP', 'php', 'verify.php'],
  ['Go', 'go', 'verify.go'],
  ['Java', 'java', 'Verify.java'],
];

/** How a receiver checks who sent a webhook. The files are what the tests run. */
export const readSnippets = (): Snippet[] =>
  FILES.map(([label, grammar, file]) => {
    const code = readFileSync(path.join(import.meta.dirname, 'snippets', file), 'utf8').trim();
    return { label, grammar, file, code };
  });
