import {
  ANSWERS,
  FEATURES,
  GROUPS,
  GUIDES,
  HERO,
  RETRIES,
  SAMPLE_EVENT,
  SCOPE_NAMES,
  STEPS,
  VERIFYING,
  WEBHOOKS_LEAD,
} from './content.ts';
import type { ApiReference, Endpoint } from './document.ts';
import { idOf, referenceGroups } from './endpoint-section.ts';
import type { ErrorPage } from './error-pages.ts';
import { type Html, html, inline } from './html.ts';
import { block, codeCard, table, tabs } from './render.ts';
import { samplesOf } from './samples.ts';
import type { Snippet } from './snippets.ts';
import { errorTable, eventTable } from './tables.ts';

export type Home = { reference: ApiReference; errors: readonly ErrorPage[]; snippets: readonly Snippet[] };

/** The product page's content, in its order. */
export const home = ({ reference, errors, snippets }: Home): Html => html`
${hero(reference)}
<div class="features">${FEATURES.map(([title, text]) => html`<div><h2>${title}</h2><p>${inline(text)}</p></div>`)}</div>
<div class="with-contents">
${contents()}
<div class="sections">
${quickstart()}
${webhooks(reference, snippets)}
${api(reference)}
${commonErrors(errors)}
<section id="guides"><h2>Guides</h2>${GUIDES.map(
  ({ id, title, blocks }) => html`<section id="${id}" class="guide"><h3>${title}</h3>${blocks.map(block)}</section>`,
)}</section>
<section class="end"><h2>Build your WhatsApp integration today</h2><p>Mint a key in the dashboard, and you are a single curl call away from your first send.</p><p><a class="button" href="/app/settings/api-keys">Mint an API key</a></p></section>
</div></div>`;

function hero({ endpoints, host }: ApiReference): Html {
  const otp = endpoints.find(({ id }) => id === 'otp.send') as Endpoint;
  const samples = samplesOf(otp, host).map(({ language, grammar, code }) => ({ label: language, grammar, code }));
  const sentences = HERO.title.split(/(?<=\.) /);
  return html`<section class="hero"><div>
<p class="eyebrow">Developer API</p>
<h1>${sentences.map((sentence) => html`<span>${sentence} </span>`)}</h1>
<p class="lead">${HERO.lead}</p>
<p class="buttons"><a class="button" href="#quickstart">Start building</a> <a class="button quiet" href="#reference">API reference</a></p>
</div>${tabs('hero', 'Send a one-time password', samples)}</section>`;
}

const contents = (): Html => html`<nav class="contents" aria-label="On this page"><ul>
<li><a href="#quickstart">Quickstart</a></li>
<li><a href="#webhooks">Webhooks</a><ul><li><a href="#events">Events</a></li><li><a href="#verify">Verify</a></li><li><a href="#schedule">Retries</a></li></ul></li>
<li><a href="#reference">API reference</a><ul>${GROUPS.map(([scope, title]) => html`<li><a href="#scope-${idOf(scope)}">${title}</a></li>`)}</ul></li>
<li><a href="#errors">Common errors</a></li>
<li><a href="#guides">Guides</a><ul>${GUIDES.map(({ id, title }) => html`<li><a href="#${id}">${title}</a></li>`)}</ul></li>
</ul></nav>`;

const quickstart =
  (): Html => html`<section id="quickstart"><h2>Quickstart</h2><p class="lead">Three steps to your first WhatsApp send.</p>
<ol class="steps">${STEPS.map(([title, text]) => html`<li><h3>${title}</h3><p>${inline(text)}</p></li>`)}</ol></section>`;

function webhooks({ events }: ApiReference, snippets: readonly Snippet[]): Html {
  const [headers = '', body = ''] = SAMPLE_EVENT.split('\n\n');
  return html`<section id="webhooks"><h2>Webhooks</h2><p class="lead">${WEBHOOKS_LEAD}</p>
<div class="pair">${codeCard('Request to your endpoint', headers, 'http')}${codeCard('Body', body, 'json')}</div>
<h3 id="events">Events</h3>${block(eventTable(events))}
<p>What is in each: the <a href="/developers/events">event catalogue</a>.</p>
<h3 id="verify">Verify the signature</h3>${VERIFYING.map((line) => html`<p>${inline(line)}</p>`)}
${tabs('verify', 'Verify a webhook', snippets)}
<h3 id="schedule">Delivery and retries</h3><p>Each wait gets up to 20 % on top, so that retries do not come in step. After the last attempt the event is failed and can be replayed for 30 days.</p>
<ol class="schedule">${RETRIES.map(([attempt, wait]) => html`<li><b>${attempt}</b> ${wait}</li>`)}</ol>
${table(['your endpoint answers', 'then'], ANSWERS)}</section>`;
}

function api(reference: ApiReference): Html {
  const scopes = Object.entries(SCOPE_NAMES).map(([scope, name]) => [
    `\`${scope}\``,
    `[${name}](#scope-${idOf(scope)})`,
  ]);
  return html`<section id="reference"><h2>API reference</h2>
<p class="lead">${reference.endpoints.length} endpoints, ${scopes.length} scopes, cursor pagination, idempotency. Open an endpoint for its full request and response.</p>
<dl class="facts"><dt>Base URL</dt><dd><code>${reference.host}/api/v1/whatsapp/external</code></dd>
<dt>Authentication</dt><dd><code>X-API-Key: qxs_…</code> on every call. Mint keys in <a href="/app/settings/api-keys">Settings → API keys</a>; each is bound to one brand, which nothing in a request can change.</dd>
<dt>Format</dt><dd>JSON, UTF-8. Times are ISO 8601 UTC; phone numbers E.164, taken with or without a plus. Every answer has an <code>X-Request-Id</code>.</dd></dl>
<h3 id="scopes">Scopes</h3>${table(['scope', 'opens'], scopes)}
<p class="filter" hidden><label for="filter">Find an endpoint or a field</label> <input id="filter" type="search" autocomplete="off"> <output for="filter"></output></p>
${referenceGroups(reference)}</section>`;
}

const commonErrors = (errors: readonly ErrorPage[]): Html => html`<section id="errors"><h2>Common errors</h2>
<p class="lead">${inline('Every refusal, the gateway’s own included, is a problem document (RFC 9457): `code` never changes its meaning, `fix` says what to do, `retryable` whether to send it again.')}</p>
${block(errorTable(errors))}</section>`;
