import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { brotliCompressSync, constants } from 'node:zlib';
import { transformSync } from 'esbuild';
import { readReference } from './document.ts';
import { errorPages } from './error-pages.ts';
import { highlightStyles } from './highlight.ts';
import { home } from './home.ts';
import { homeMarkdown, llmsFull, llmsIndex, otherMarkdown } from './markdown.ts';
import { changelog, errorIndex, errorPage, eventCatalogue } from './other-pages.ts';
import { type Assets, document, type Page } from './page.ts';
import { readSnippets } from './snippets.ts';

const site = path.resolve(import.meta.dirname, '../../dist/site');

/** The most a page may weigh with all it asks for, as browsers get it. */
const MOST_BYTES = 30_000;

const reference = readReference();
const errors = errorPages(reference);
const snippets = readSnippets();

const pages: Page[] = [
  {
    title: 'Quixess Developer API for WhatsApp',
    description: 'Send OTPs, templates and replies over WhatsApp, read history, and receive signed webhook events.',
    path: '/developers',
    main: home({ reference, errors, snippets }),
  },
  {
    title: 'Event catalogue · Quixess Developers',
    description: 'Every webhook event with its fields and an example.',
    path: '/developers/events',
    main: eventCatalogue(reference),
  },
  {
    title: 'Error codes · Quixess Developers',
    description: 'Every error code of the API, what it means and what to do.',
    path: '/developers/errors',
    main: errorIndex(errors),
  },
  {
    title: 'Changelog · Quixess Developers',
    description: 'What changed for users of the API.',
    path: '/developers/changelog',
    main: changelog(),
  },
  ...errors.map((error) => ({
    title: `${error.code} · Quixess Developers`,
    description: `${error.title}. ${error.fix}`,
    path: `/developers/errors/${error.code}`,
    main: errorPage(error),
  })),
];

const written = new Map<string, string>();
const put = (file: string, content: string): void => void written.set(file, content);

/** Puts a file under a name that changes with it. @returns its address */
function asset(name: string, loader: 'css' | 'js', source: string): string {
  const { code } = transformSync(source, { loader, minify: true, target: loader === 'js' ? 'es2022' : 'chrome120' });
  const hash = createHash('sha256').update(code).digest('hex').slice(0, 10);
  const file = `developers/assets/${name}-${hash}.${loader}`;
  put(file, code);
  return `/${file}`;
}

const read = (file: string): string => readFileSync(path.join(import.meta.dirname, file), 'utf8');

const assets: Assets = {
  style: asset('page', 'css', `${read('style.css')}${highlightStyles()}`),
  script: asset('page', 'js', read('script.js')),
};
// By a name that stays, for the page that says there is none: it is made where nothing is known of this build.
put('developers/style.css', written.get(assets.style.slice(1)) ?? '');
for (const page of pages) {
  put(`${page.path === '/developers' ? '/developers/index' : page.path}.html`.slice(1), document(page, assets));
}
put('developers.md', homeMarkdown(reference, errors, snippets));
for (const [file, text] of otherMarkdown(reference, errors)) put(file, text);
put('llms.txt', llmsIndex(reference, errors));
put('llms-full.txt', llmsFull(reference, errors, snippets));

/** CloudFront compresses at a middling level. */
const params = { [constants.BROTLI_PARAM_QUALITY]: 5 };
const weigh = (file: string): number => brotliCompressSync(written.get(file) ?? '', { params }).length;
const common = [assets.style, assets.script].reduce((sum, address) => sum + weigh(address.slice(1)), 0);
for (const file of written.keys()) {
  if (!file.endsWith('.html')) continue;
  const bytes = weigh(file) + common;
  if (bytes > MOST_BYTES) {
    throw new Error(`${file} weighs ${bytes} bytes with style and script, compressed; ${MOST_BYTES} are allowed`);
  }
  if (file === 'developers/index.html') console.log(`developers: ${bytes} bytes compressed, of ${MOST_BYTES}`);
}

rmSync(path.join(site, 'developers'), { recursive: true, force: true });
for (const [file, content] of written) {
  mkdirSync(path.dirname(path.join(site, file)), { recursive: true });
  writeFileSync(path.join(site, file), content);
}
