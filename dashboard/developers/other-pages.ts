import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { ApiReference, EventReference } from './document.ts';
import { type ErrorPage, retrying } from './error-pages.ts';
import { type Html, html, inline } from './html.ts';
import { block, codeCard, fieldList, shortPath } from './render.ts';
import { errorTable, isOptIn } from './tables.ts';

const crumbs = (...links: (readonly [name: string, href: string])[]): Html =>
  html`<nav class="crumbs" aria-label="Breadcrumb">${links.map(([name, href]) => html`<a href="${href}">${name}</a> <span aria-hidden="true">/</span> `)}</nav>`;

/** What one error code means, and what to do. */
export function errorPage(page: ErrorPage): Html {
  const { code, status, title, fix, example, endpoints } = page;
  return html`<article class="narrow">${crumbs(['Developers', '/developers'], ['Errors', '/developers/errors'])}
<h1>${title}</h1>
<p class="lead"><b class="status">${status}</b> <code>${code}</code></p>
<h2>What to do</h2><p>${inline(fix)}</p>
<h2>Does it help to try again?</h2><p>${inline(retrying(page))}</p>
<h2>Example</h2>${codeCard('application/problem+json', example, 'json')}
${
  endpoints.length > 0 &&
  html`<h2>Which endpoints</h2><ul>${endpoints.map(
    (endpoint) =>
      html`<li><a href="/developers#${endpoint.id}">${endpoint.method} ${shortPath(endpoint)}</a> ${endpoint.title}</li>`,
  )}</ul>`
}
<p>When you ask support about it, name the <code>request_id</code>.</p></article>`;
}

export const errorIndex = (
  errors: readonly ErrorPage[],
): Html => html`<article class="middle">${crumbs(['Developers', '/developers'])}
<h1>Error codes</h1><p class="lead">${inline('Every error is `application/problem+json`. Its `type` is the address of the page about its `code`.')}</p>
${block(errorTable(errors))}</article>`;

/** Every event with the fields of its data. */
export const eventCatalogue = ({
  events,
}: ApiReference): Html => html`<article class="middle">${crumbs(['Developers', '/developers'])}
<h1>Event catalogue</h1>
<p class="lead">${inline('The envelope is the same for all: `id`, `type`, `version`, `occurred_at`, `delivered_at`, `brand_id`, `data`. A new connection gets six types; those marked opt-in are chosen in the dashboard.')}</p>
${events.map(eventSection)}</article>`;

const eventSection = ({ type, description, variants, fields, example }: EventReference): Html =>
  html`<details class="endpoint" id="${type}"><summary><code>${type}</code> <span>${description}</span>${isOptIn(type) && html` <b class="tag">opt-in</b>`}</summary>
<div class="columns"><div>${fields.length > 0 && fieldList(fields)}${variants.map(
    ({ name, fields: ofVariant }) =>
      html`<details class="nested"><summary>data: ${name}</summary>${fieldList(ofVariant)}</details>`,
  )}</div><div class="samples">${codeCard('Example', JSON.stringify(example, null, 2), 'json')}</div></div></details>
`;

/** CHANGELOG.md, whose links lead into the repository and are left out. */
export const changelogText = (): string =>
  readFileSync(path.resolve(import.meta.dirname, '../../CHANGELOG.md'), 'utf8').replace(
    / ?\(?\[([^\]]+)\]\((?!https?:)[^)]*\)\)?/g,
    '',
  );

/** Headings and lists are all the changelog has. */
export function changelog(): Html {
  const parts: Html[] = [];
  let items: string[] = [];
  const flush = (): void => {
    if (items.length > 0) parts.push(html`<ul>${items.map((item) => html`<li>${inline(item)}</li>`)}</ul>`);
    items = [];
  };
  for (const paragraph of changelogText().split(/\n(?=[-#]|\n)/)) {
    const line = paragraph.replace(/\s+/g, ' ').trim();
    if (line.startsWith('- ')) items.push(line.slice(2));
    else flush();
    if (line.startsWith('### ')) parts.push(html`<h3>${line.slice(4)}</h3>`);
    else if (line.startsWith('## ')) parts.push(html`<h2>${line.slice(3).replace(/[[\]]/g, '')}</h2>`);
    else if (line !== '' && !line.startsWith('# ') && !line.startsWith('- ')) parts.push(html`<p>${inline(line)}</p>`);
  }
  flush();
  return html`<article class="narrow">${crumbs(['Developers', '/developers'])}<h1>Changelog</h1>${parts}</article>`;
}
