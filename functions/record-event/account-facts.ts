import { createHash } from 'node:crypto';
import type { Now } from '../../shared/clock.ts';
import type { TouchConversation } from '../../shared/conversations.ts';
import { type AccountFact, accountEvent } from '../../shared/events/account-events.ts';
import { factKey } from '../../shared/events/fact-ids.ts';
import {
  type InboundUpdate,
  type KeptUpdate,
  ownerOf,
  type TemplateUpdate,
} from '../../shared/events/inbound-update.ts';
import { count } from '../../shared/metrics.ts';
import { tokenStateOf } from '../../shared/onboarding/token-news.ts';
import type { Connection, TokenState } from '../../shared/store/connection-store.ts';
import type { MetaUpdateStore } from '../../shared/store/meta-update-store.ts';
import {
  TEMPLATE_STATUSES,
  type Template,
  type TemplateChange,
  type TemplateStore,
} from '../../shared/store/template-store.ts';
import type { Fact } from './facts.ts';

type Deps = {
  metaUpdates: Pick<MetaUpdateStore, 'markSeen' | 'keep'>;
  templates: Pick<TemplateStore, 'find' | 'apply'>;
  touchConversation: TouchConversation;
  /** Marks the connection and writes the audit log, unless that was done. */
  noteToken: (connection: Connection, token: TokenState) => Promise<void>;
  now: Now;
};

/** A fact that is no message: remembered by a small item, once for all the brands that hear of it. */
export async function factOfAccount(
  { metaUpdates, templates, touchConversation, noteToken, now }: Deps,
  update: AccountFact,
  connections: readonly Connection[],
  isSeen: boolean,
): Promise<Fact> {
  const isStatus = update.kind === 'template' && update.change === 'status';
  const before = isStatus && !isSeen ? await templates.find(versionOf(update)) : null;
  return {
    events: connections.map((connection) => ({
      connection,
      event: accountEvent(update, connection.brandId, before?.status ?? null),
    })),
    isRecorded: isSeen,
    record: async () => {
      const change = update.kind === 'template' ? changeOf(update) : null;
      if (update.kind === 'template' && change) await templates.apply(versionOf(update), change, update.at);
      if (update.kind === 'call' && update.event === 'received') {
        const { phone_number_id: phoneNumberId, person, at } = update;
        for (const { brandId } of connections) await touchConversation({ brandId, phoneNumberId, person, at });
      }
      const token = update.kind === 'account' ? tokenStateOf(update) : null;
      for (const connection of token ? connections : []) if (token) await noteToken(connection, token);
      await metaUpdates.markSeen({ owner: ownerOf(update), id: factKey(update) }, now());
    },
  };
}

/** A status of one member of a group: the message has one time for all of them, so each is remembered by itself. */
export const rememberedAs = (
  { metaUpdates, now }: Pick<Deps, 'metaUpdates' | 'now'>,
  fact: Fact,
  update: Exclude<InboundUpdate, KeptUpdate>,
  isSeen: boolean,
): Fact => ({
  events: fact.events,
  isRecorded: isSeen,
  record: async () => {
    await fact.record();
    await metaUpdates.markSeen({ owner: ownerOf(update), id: factKey(update) }, now());
  },
});

/** What no event shows as Meta sent it. */
export const factOfKept = ({ metaUpdates, now }: Deps, update: KeptUpdate): Fact => ({
  events: [],
  isRecorded: false,
  record: () => {
    const { text, part, parts, text_id, field, reason } = update;
    if (part === 1) count('MetaUpdateKept', { reason });
    const id = `${text_id}#${String(part).padStart(4, '0')}`;
    const item = { kind: 'raw' as const, text, about: `${field}.${reason}`, part, parts };
    return metaUpdates.keep({ owner: ownerOf(update), id }, item, now());
  },
});

/** An update of a number or WABA that no brand has: kept until one connects it (shared/events/replay-unrouted.ts). */
export const factOfUnrouted = ({ metaUpdates, now }: Deps, update: Exclude<InboundUpdate, KeptUpdate>): Fact => ({
  events: [],
  isRecorded: false,
  record: () => {
    const text = JSON.stringify(update);
    const hash = createHash('sha256').update(text).digest('base64url').slice(0, 22);
    const id = `${String(update.at).padStart(15, '0')}#${hash}`;
    return metaUpdates.keep({ owner: ownerOf(update), id }, { kind: 'unrouted', text, about: update.kind }, now());
  },
});

const versionOf = ({ waba_id, name, language }: TemplateUpdate) => ({ wabaId: waba_id, name, language });

/**
 * What Meta's events make of a status; the others name one. FLAGGED and LOCKED are no statuses of Meta's lists and
 * change nothing. REINSTATED and UNARCHIVED do not say what the template is again: taken for approved, for if it is not
 * Meta refuses the send and says why, whereas the other way round we would refuse what Meta takes.
 */
const STATUS_OF: ReadonlyMap<string, Template['status']> = new Map([
  ...TEMPLATE_STATUSES.map((status): [string, Template['status']] => [status, status]),
  ['REINSTATED', 'APPROVED'],
  ['UNARCHIVED', 'APPROVED'],
]);

/** @returns null for what the cache does not hold: an edit's new texts come with the next sync */
function changeOf({ change, value, details }: TemplateUpdate): TemplateChange | null {
  if (value === null) return null;
  if (change === 'status') {
    const status = STATUS_OF.get(value);
    const rejectedReason = typeof details.reason === 'string' ? details.reason : null;
    return status ? { attribute: 'status', value: status, rejectedReason } : null;
  }
  return change === 'category' || change === 'quality' ? { attribute: change, value } : null;
}
