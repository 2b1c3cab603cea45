import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { EVENT_TYPES } from '../../shared/events/event-types.ts';
import { normalize } from '../../shared/events/normalize.ts';
import { EVENT_DATA } from '../../shared/events/schemas/event-schemas.ts';
import { eventsOf } from './events-of.ts';
import { META_EXAMPLES, metaExample, metaExampleBytes } from './meta-examples.ts';

const FILE = path.resolve(import.meta.dirname, '../../docs/events.md');

/** Where Meta does not tell the time. */
const RECEIVED_AT = Date.parse('2025-10-09T08:53:20Z');

/** docs/events.md: what Meta sends, and what a tenant gets of it, for every file in `events/meta`. */
export function eventsDoc(): string {
  const types = EVENT_TYPES.map((type) => `| \`${type}\` | ${EVENT_DATA[type].description ?? ''} |`);
  return [
    '# Events',
    '',
    '<!-- Made by `node test/support/events-doc.ts` from events/meta; a test says when it is out of date. -->',
    '',
    'What Meta sends, and the events a tenant gets of it. The envelope around `data` is the same for all (`id`, `type`,',
    '`version`, `occurred_at`, `delivered_at`, `brand_id`). The shapes are schemas in `shared/events/schemas`.',
    '',
    '| type | when |',
    '|---|---|',
    ...types,
    '',
    'A fact is told once, whatever Meta repeats: `id` is made of the fact. Facts come in any order: `message.read` may',
    'come before `message.delivered`, or without it.',
    '',
    ...META_EXAMPLES.flatMap(section),
  ].join('\n');
}

function section(name: string): string[] {
  const { updates } = normalize(metaExample(name), RECEIVED_AT);
  const events = updates.flatMap(eventsOf);
  const isKept = updates.some(({ kind }) => kind === 'kept');
  return [
    `## ${name}`,
    '',
    'Meta:',
    '',
    ...fenced(metaShape(name)),
    events.length > 0 ? 'Ours:' : 'Ours: no event.',
    '',
    ...events.flatMap(({ type, data }) => fenced(JSON.stringify({ type, data }, null, 2))),
    ...(isKept ? ['What Meta sent is kept as it is for 30 days, for it is not all in an event.', ''] : []),
  ];
}

/** The lines of the change, as they stand in the file: a parse and a print would change long integers. */
function metaShape(name: string): string {
  const text = metaExampleBytes(name).toString('utf8');
  const lines = text.split('\n');
  if (text.includes('of-two-tenants') || lines.filter((line) => line.includes('"changes"')).length > 1)
    return text.trimEnd();
  const start = lines.findIndex((line) => line.includes('"changes"')) + 1;
  const end = lines.findLastIndex((line) => /^ {6}\]/.test(line));
  return lines
    .slice(start, end)
    .map((line) => line.slice(8))
    .join('\n');
}

const fenced = (text: string): string[] => ['```json', text, '```', ''];

if (process.argv[1] === import.meta.filename) writeFileSync(FILE, eventsDoc());
