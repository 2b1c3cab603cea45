import { DEFAULT_EVENT_FILTER } from '../../shared/events/event-types.ts';
import type { Block } from './content.ts';
import type { EventReference } from './document.ts';
import type { ErrorPage } from './error-pages.ts';

// Tables that pages and their twins in Markdown have alike.

/** @param ending of the pages it leads to */
export const errorTable = (errors: readonly ErrorPage[], ending: '' | '.md' = ''): Block => ({
  kind: 'table',
  head: ['status', 'code', 'meaning', 'fix', 'retry'],
  rows: errors.map(({ code, status, title, fix, retryable }) => [
    String(status),
    `[\`${code}\`](/developers/errors/${code}${ending})`,
    title,
    fix,
    retryable ? 'yes' : 'no',
  ]),
});

export const eventTable = (events: readonly EventReference[], ending: '' | '.md' = ''): Block => ({
  kind: 'table',
  head: ['type', 'when'],
  rows: events.map(({ type, description }) => [
    `[\`${type}\`](/developers/events${ending}#${type})`,
    `${description}${isOptIn(type) ? ' **opt-in**' : ''}`,
  ]),
});

/** Whether a connection gets it only when somebody asked for it. */
export const isOptIn = (type: string): boolean =>
  type !== 'webhook.test' && !DEFAULT_EVENT_FILTER.some((one) => one === type);
