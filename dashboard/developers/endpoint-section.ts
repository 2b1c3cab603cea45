import type { Scope } from '../../shared/scopes.ts';
import { GROUPS, SCOPE_NAMES } from './content.ts';
import type { ApiReference, Endpoint } from './document.ts';
import { type Html, html, inline } from './html.ts';
import { codeCard, fieldList, parameters, shortPath, tabs } from './render.ts';
import { samplesOf } from './samples.ts';

/** The API reference: each scope with the endpoints it opens, each endpoint with everything about it. */
export function referenceGroups(reference: ApiReference): Html[] {
  return GROUPS.map(([scope, title]) => {
    const endpoints = reference.endpoints.filter((endpoint) => endpoint.scope === scope);
    return html`<section class="group" aria-labelledby="scope-${idOf(scope)}">
<h3 id="scope-${idOf(scope)}">${title}${scope in SCOPE_NAMES && html` <code>${scope as Scope}</code>`}</h3>
${endpoints.map((endpoint) => section(endpoint, reference.host))}</section>`;
  });
}

export const idOf = (scope: string): string => scope.replace('whatsapp:', '').replace('_', '-');

function section(endpoint: Endpoint, host: string): Html {
  const { id, method, title, description, body, responses } = endpoint;
  return html`<details class="endpoint" id="${id}"><summary><b class="${method.toLowerCase()}">${method}</b> <code>${breakable(shortPath(endpoint))}</code> <span>${title}</span></summary>
<div class="columns"><div>
<p>${inline(description)}</p>
${needs(endpoint)}
${fieldsFrom(endpoint, 'path', 'Path')}${fieldsFrom(endpoint, 'header', 'Headers')}${fieldsFrom(endpoint, 'query', 'Query')}
${body && html`<h4>Body</h4>${fieldList(body)}`}
${responses.map(({ status, description: meaning, fields }) => html`<h4>Response ${status}</h4><p>${inline(meaning)}</p>${fields.length > 0 && fieldList(fields)}`)}
<h4>Errors</h4>
<p class="codes">${endpoint.errors.map((code) => html`<a href="/developers/errors/${code}">${code}</a> `)}</p>
</div><div class="samples">
${tabs(
  `s-${id}`,
  'Request',
  samplesOf(endpoint, host).map(({ language, grammar, code }) => ({ label: language, grammar, code })),
)}
${responses.slice(0, 2).map(({ status, example }) => example !== undefined && codeCard(`Response ${status}`, JSON.stringify(example, null, 2), 'json'))}
</div></div></details>
`;
}

/** A long path may break after its slashes. */
const breakable = (path: string): Html[] =>
  path.split('/').map((part, index) => (index === 0 ? html`${part}` : html`<wbr>/${part}`));

function needs({ scope }: Endpoint): Html {
  if (scope === 'public') return html`<p class="scope">Needs no key.</p>`;
  if (scope === 'any-key') return html`<p class="scope">Any valid key.</p>`;
  return html`<p class="scope">Needs <code>${scope}</code></p>`;
}

function fieldsFrom({ parameters: all }: Endpoint, where: 'path' | 'header' | 'query', title: string): Html {
  const found = parameters(all, where);
  return html`${found.length > 0 && html`<h4>${title}</h4>${fieldList(found)}`}`;
}
