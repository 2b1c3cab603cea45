import { AUDIT_ACTIONS } from '../../shared/audit/actions.ts';
import { EVENT_TYPES } from '../../shared/events/event-types.ts';
import { SCOPES, type Scope } from '../../shared/scopes.ts';
import type { Event, Message } from './api/types.ts';
import { SCOPE_WORDS } from './scope-words.ts';
import { type Rules, SPANS } from './search-params.ts';
import { actionWords } from './words.ts';

/** By what a list can be narrowed: a choice, or a text where there are no options. */
export type Filter = { name: string; label: string; options?: readonly string[]; wordOf?: (value: string) => string };

export const sinceFilter = {
  name: 'since',
  label: 'Time',
  options: Object.keys(SPANS),
  wordOf: (value) => SPANS[value]?.words ?? value,
} as const satisfies Filter;

// Of each page: the router takes from an address what stands here, and the page offers it.

export const KEY_FILTERS: readonly Filter[] = [
  { name: 'status', label: 'State', options: ['active', 'ended'] },
  { name: 'scope', label: 'Scope', options: SCOPES, wordOf: (one) => SCOPE_WORDS[one as Scope].name },
];

const MESSAGE_STATUSES = [
  'received',
  'accepted',
  'outcome_unknown',
  'sent',
  'delivered',
  'read',
  'played',
  'failed',
] as const satisfies readonly Message['status'][];

export const MESSAGE_FILTERS: readonly Filter[] = [
  { name: 'direction', label: 'Direction', options: ['inbound', 'outbound'] },
  { name: 'status', label: 'State', options: MESSAGE_STATUSES },
  { name: 'contact', label: 'Person' },
  { name: 'reference', label: 'Reference' },
  sinceFilter,
];

export const CONVERSATION_FILTERS: readonly Filter[] = [
  { name: 'window', label: 'Replies', options: ['open', 'closed'] },
  { name: 'contact', label: 'Person' },
];

export const TEMPLATE_FILTERS: readonly Filter[] = [
  { name: 'status', label: 'State', options: ['APPROVED', 'PENDING', 'REJECTED', 'PAUSED', 'DISABLED'] },
  { name: 'category', label: 'Category', options: ['AUTHENTICATION', 'UTILITY', 'MARKETING'] },
  { name: 'name', label: 'Name' },
];

const EVENT_STATUSES = [
  'pending',
  'retrying',
  'delivered',
  'failed',
  'held',
] as const satisfies readonly Event['status'][];

export const EVENT_FILTERS: readonly Filter[] = [
  { name: 'status', label: 'State', options: EVENT_STATUSES },
  { name: 'type', label: 'Event type', options: EVENT_TYPES, wordOf: (value) => value },
  sinceFilter,
];

export const AUDIT_FILTERS: readonly Filter[] = [
  { name: 'action', label: 'What', options: AUDIT_ACTIONS, wordOf: actionWords },
  { name: 'actor', label: 'Who' },
  sinceFilter,
];

export const rulesOf = (filters: readonly Filter[]): Rules =>
  Object.fromEntries(filters.map(({ name, options }) => [name, options ?? 'text']));
