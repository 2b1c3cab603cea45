import {
  ANSWERS,
  type Block,
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
import { type ErrorPage, retrying } from './error-pages.ts';
import type { Field } from './fields.ts';
import { changelogText } from './other-pages.ts';
import { parameters } from './render.ts';
import { samplesOf } from './samples.ts';
import type { Snippet } from './snippets.ts';
import { errorTable, eventTable, isOptIn } from './tables.ts';

const lines = (...parts: (string | false | undefined | readonly string[])[]): string =>
  `${parts
    .flat()
    .filter((part) => typeof part === 'string')
    .join('\n\n')}\n`;
const fenced = (grammar: string, code: string): string => `\`\`\`${grammar}\n${code}\n\`\`\``;
const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n');

function block(one: Block): string {
  if (one.kind === 'text') return one.text;
  if (one.kind === 'list') return one.items.map((item) => `- ${item}`).join('\n');
  if (one.kind === 'table') return table(one.head, one.rows);
  return fenced(one.grammar, one.code);
}

function fieldLines(fields: readonly Field[], depth = 0): string[] {
  return fields.flatMap(({ name, type, isRequired, description, limits, children, variants }) => [
    `${'  '.repeat(depth)}- \`${name}\` (${[type, isRequired && 'required', ...limits].filter(Boolean).join(', ')})${description && `: ${description}`}`,
    ...fieldLines(children, depth + 1),
    ...variants.flatMap((variant) => [
      `${'  '.repeat(depth + 1)}- ${variant.name}:`,
      ...fieldLines(variant.fields, depth + 2),
    ]),
  ]);
}

function endpoint(one: Endpoint, host: string): string {
  const [curl] = samplesOf(one, host);
  const fields = (title: string, found: readonly Field[] | undefined) =>
    found !== undefined && found.length > 0 && `${title}:\n\n${fieldLines(found).join('\n')}`;
  return lines(
    `#### ${one.method} ${one.path}`,
    `${one.title}. ${one.description}`,
    one.scope in SCOPE_NAMES && `Scope: \`${one.scope}\``,
    fields('Path', parameters(one.parameters, 'path')),
    fields('Headers', parameters(one.parameters, 'header')),
    fields('Query', parameters(one.parameters, 'query')),
    fields('Body', one.body),
    curl && fenced('sh', curl.code),
    one.responses.flatMap(({ status, description, fields: answered, example }) => [
      `Response ${status}: ${description}`,
      fieldLines(answered).join('\n'),
      fenced('json', JSON.stringify(example, null, 2)),
    ]),
    `Errors: ${one.errors.map((code) => `[${code}](/developers/errors/${code}.md)`).join(', ')}`,
  );
}

/** The twin of the main page: the same, in the same order. */
export const homeMarkdown = (
  reference: ApiReference,
  errors: readonly ErrorPage[],
  snippets: readonly Snippet[],
): string =>
  lines(
    '# Quixess Developer API for WhatsApp',
    `> ${HERO.title} ${HERO.lead}`,
    FEATURES.map(([title, text]) => `- **${title}**: ${text}`).join('\n'),
    '## Quickstart',
    STEPS.map(([title, text], index) => `${index + 1}. **${title}.** ${text}`).join('\n'),
    '## Webhooks',
    WEBHOOKS_LEAD,
    fenced('http', SAMPLE_EVENT),
    block(eventTable(reference.events, '.md')),
    'Fields of each: [event catalogue](/developers/events.md).',
    '### Verify the signature',
    VERIFYING,
    snippets.map(({ grammar, code }) => fenced(grammar, code)),
    '### Delivery and retries',
    table(['attempt', 'wait before it'], RETRIES),
    table(['your endpoint answers', 'then'], ANSWERS),
    '## API reference',
    `Base URL: ${reference.host}/api/v1/whatsapp/external. Header \`X-API-Key: qxs_…\` on every call. [OpenAPI document](/api/openapi.json).`,
    GROUPS.flatMap(([scope, title]) => [
      `### ${title}${scope in SCOPE_NAMES ? ` (\`${scope}\`)` : ''}`,
      ...reference.endpoints.filter((one) => one.scope === scope).map((one) => endpoint(one, reference.host)),
    ]),
    '## Common errors',
    block(errorTable(errors, '.md')),
    '## Guides',
    GUIDES.flatMap(({ title, blocks }) => [`### ${title}`, ...blocks.map(block)]),
  );

const errorMarkdown = (page: ErrorPage): string =>
  lines(
    `# ${page.title}`,
    `Status ${page.status}, code \`${page.code}\``,
    `What to do: ${page.fix}`,
    `Does it help to try again? ${retrying(page)}`,
    fenced('json', page.example),
    page.endpoints.length > 0 && page.endpoints.map((one) => `- ${one.method} ${one.path}: ${one.title}`).join('\n'),
  );

const eventsMarkdown = ({ events }: ApiReference): string =>
  lines(
    '# Event catalogue',
    events.flatMap(({ type, description, fields, variants, example }) => [
      `## ${type}`,
      `${description}${isOptIn(type) ? ' Opt-in.' : ''}`,
      fieldLines(fields).join('\n') ||
        variants.map((variant) => [`${variant.name}:`, ...fieldLines(variant.fields)].join('\n')).join('\n\n'),
      fenced('json', JSON.stringify(example, null, 2)),
    ]),
  );

/** The twins of all other pages: file below the site → text. */
export const otherMarkdown = (
  reference: ApiReference,
  errors: readonly ErrorPage[],
): [file: string, text: string][] => [
  ['developers/events.md', eventsMarkdown(reference)],
  ['developers/errors.md', lines('# Error codes', block(errorTable(errors, '.md')))],
  ['developers/changelog.md', changelogText()],
  ...errors.map((page): [string, string] => [`developers/errors/${page.code}.md`, errorMarkdown(page)]),
];

/** https://llmstxt.org */
export const llmsIndex = ({ endpoints, host }: ApiReference, errors: readonly ErrorPage[]): string =>
  lines(
    '# Quixess Developer API for WhatsApp',
    `> ${HERO.lead}`,
    `Base URL: ${host}/api/v1/whatsapp/external. Authentication: header \`X-API-Key: qxs_…\`.`,
    '## Documentation',
    [
      '- [Everything on one page](/developers.md): quickstart, webhooks, API reference, errors, guides',
      '- [Event catalogue](/developers/events.md): fields and an example of each webhook event',
      '- [OpenAPI document](/api/openapi.json): OpenAPI 3.1',
      '- [Changelog](/developers/changelog.md)',
      '- [All of it in one file](/llms-full.txt)',
    ].join('\n'),
    '## Endpoints',
    endpoints.map(({ id, method, path, title }) => `- [${method} ${path}](/developers.md#${id}): ${title}`).join('\n'),
    '## Errors',
    errors.map(({ code, title }) => `- [${code}](/developers/errors/${code}.md): ${title}`).join('\n'),
  );

export const llmsFull = (reference: ApiReference, errors: readonly ErrorPage[], snippets: readonly Snippet[]): string =>
  lines(homeMarkdown(reference, errors, snippets), eventsMarkdown(reference), errors.map(errorMarkdown));
