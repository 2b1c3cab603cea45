import { type Html, html } from './html.ts';

/** Files every page asks for, by names that change with their content. */
export type Assets = { style: string; script: string };

export type Page = {
  title: string;
  description: string;
  /** From the root on, no ending: `/developers/errors/rate_limited`. */
  path: string;
  main: Html;
};

const NAVIGATION = [
  ['Quickstart', '/developers#quickstart'],
  ['Webhooks', '/developers#webhooks'],
  ['API reference', '/developers#reference'],
  ['Errors', '/developers#errors'],
  ['Guides', '/developers#guides'],
] as const;

/** A whole document. Everything it asks for is on the same host. */
export function document({ title, description, path, main }: Page, { style, script }: Assets): string {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<meta name="description" content="${description}">
<meta name="color-scheme" content="light dark">
<link rel="icon" href="data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 32 32'%3E%3Crect width='32' height='32' rx='9' fill='%230b6b50'/%3E%3Ccircle cx='15' cy='15' r='7' fill='none' stroke='%23fff' stroke-width='3.5'/%3E%3Cpath d='m18 18 6 6' stroke='%23fff' stroke-width='3.5' stroke-linecap='round'/%3E%3C/svg%3E">
<link rel="stylesheet" href="${style}">
<link rel="alternate" type="text/markdown" href="${path}.md">
<link rel="canonical" href="${path}">
<script src="${script}" defer></script>
</head>
<body>
<a class="skip" href="#main">Skip to content</a>
<header class="top"><div>
<a class="brand" href="/developers"><svg viewBox="0 0 32 32" aria-hidden="true"><rect width="32" height="32" rx="9"/><circle cx="15" cy="15" r="7"/><path d="m18 18 6 6"/></svg>Quixess <span>Developers</span></a>
<nav aria-label="Main">${NAVIGATION.map(([name, href]) => html`<a href="${href}">${name}</a>`)}</nav>
<a class="button small" href="/app">Dashboard</a>
</div></header>
<main id="main">
${main}
</main>
<footer><div>
<nav aria-label="More"><a href="/api/openapi.json">OpenAPI document</a><a href="/developers/events">Event catalogue</a><a href="/developers/errors">Error codes</a><a href="/developers/changelog">Changelog</a><a href="/llms.txt">llms.txt</a><a href="${path}.md">This page as Markdown</a></nav>
<p>Quixess Developer API. WhatsApp is a trademark of Meta.</p>
</div></footer>
</body>
</html>
`.text;
}
