import type { Block } from './content.ts';
import type { Endpoint, Parameter } from './document.ts';
import type { Field } from './fields.ts';
import { type Grammar, highlight } from './highlight.ts';
import { type Html, html, inline } from './html.ts';

/** A card with code in it. */
export const codeCard = (title: string, code: string, grammar: Grammar): Html =>
  html`<figure class="code"><figcaption>${title}</figcaption><pre tabindex="0"><code>${highlight(code, grammar)}</code></pre></figure>`;

/**
 * The same in several languages. Radio buttons choose: they need no script, and arrow keys move between them.
 * @param name unique on the page
 */
export function tabs(
  name: string,
  title: string,
  samples: readonly { label: string; grammar: Grammar; code: string }[],
): Html {
  const inputs = samples.map(
    ({ label }, index) =>
      html`<input type="radio" name="${name}" id="${name}-${index}" data-language="${label}"${index === 0 && html` checked`}><label for="${name}-${index}">${label}</label>`,
  );
  const panels = samples.map(
    ({ code, grammar }) => html`<pre tabindex="0"><code>${highlight(code, grammar)}</code></pre>`,
  );
  return html`<fieldset class="code tabs"><legend>${title}</legend>${inputs}<div>${panels}</div></fieldset>`;
}

export const table = (head: readonly string[], rows: readonly (readonly string[])[]): Html =>
  html`<div class="wide" tabindex="0"><table><thead><tr>${head.map((cell) => html`<th scope="col">${inline(cell)}</th>`)}</tr></thead><tbody>${rows.map(
    (row) => html`<tr>${row.map((cell) => html`<td>${inline(cell)}</td>`)}</tr>`,
  )}</tbody></table></div>`;

export function block(one: Block): Html {
  if (one.kind === 'text') return html`<p>${inline(one.text)}</p>`;
  if (one.kind === 'list') return html`<ul>${one.items.map((item) => html`<li>${inline(item)}</li>`)}</ul>`;
  if (one.kind === 'table') return table(one.head, one.rows);
  return codeCard(one.title, one.code, one.grammar);
}

/** Fields with those inside them, which open. */
export const fieldList = (fields: readonly Field[]): Html => html`<ul class="fields">${fields.map(fieldItem)}</ul>`;

function fieldItem(field: Field): Html {
  const { name, type, isRequired, description, limits, children, variants } = field;
  return html`<li><code>${name}</code> <span>${type}</span>${isRequired && html` <b>required</b>`}${
    (description !== '' || limits.length > 0) &&
    html`<p>${inline([description, ...limits.map(sentence)].join(' ').trim())}</p>`
  }${children.length > 0 && nested(`${children.length} ${children.length === 1 ? 'field' : 'fields'} of ${name}`, fieldList(children))}${variants.map(
    (variant) => nested(`${name}: ${variant.name}`, fieldList(variant.fields)),
  )}</li>`;
}

const sentence = (limit: string): string => `${limit.charAt(0).toUpperCase()}${limit.slice(1)}.`;
const nested = (title: string, inside: Html): Html =>
  html`<details class="nested"><summary>${title}</summary>${inside}</details>`;

export const parameters = (all: readonly Parameter[], where: Parameter['in']): Parameter[] =>
  all.filter((parameter) => parameter.in === where);

/** The path without what all endpoints begin with. */
export const shortPath = ({ path }: Pick<Endpoint, 'path'>): string => path.replace('/api/v1/whatsapp/external', '');
