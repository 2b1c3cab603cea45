import type { Now } from '../../shared/clock.ts';
import type { TouchConversation } from '../../shared/conversations.ts';
import type { TenantEvent } from '../../shared/events/envelope.ts';
import { factKey } from '../../shared/events/fact-ids.ts';
import { type InboundUpdate, ownerOf } from '../../shared/events/inbound-update.ts';
import { logger } from '../../shared/logger.ts';
import type { MediaCopy } from '../../shared/media/media-copy.ts';
import { count } from '../../shared/metrics.ts';
import type { Connection, TokenState } from '../../shared/store/connection-store.ts';
import type { MessageStore } from '../../shared/store/message-store.ts';
import type { MetaUpdateStore } from '../../shared/store/meta-update-store.ts';
import type { TemplateStore } from '../../shared/store/template-store.ts';
import type { Delivery } from '../../shared/webhooks/delivery.ts';
import { factOfAccount, factOfKept, factOfUnrouted, rememberedAs } from './account-facts.ts';
import { type Fact, factOfMessage, factOfStatus } from './facts.ts';
import { type KnownMessages, knownMessages } from './known-messages.ts';

/** A status may overtake the writing of its own message; after this much longer the writer must be dead, milliseconds. */
const WRITER_MAY_LIVE_MS = 60_000;

export type Deps = {
  connectionOf: (phoneNumberId: string) => Promise<Connection | null>;
  connectionsOfWaba: (wabaId: string) => Promise<Connection[]>;
  messages: Pick<MessageStore, 'insert' | 'recordStatus' | 'reconcile' | 'getMany' | 'idOfWaMessage'>;
  templates: Pick<TemplateStore, 'find' | 'apply'>;
  metaUpdates: Pick<MetaUpdateStore, 'seen' | 'markSeen' | 'keep'>;
  touchConversation: TouchConversation;
  noteToken: (connection: Connection, token: TokenState) => Promise<void>;
  copyMedia: (copy: MediaCopy) => Promise<void>;
  /** Resolves when all are safely queued. */
  enqueue: (deliveries: readonly Delivery[]) => Promise<void>;
  now: Now;
  sleep: (ms: number) => Promise<void>;
};

/** An update, and who is to hear of it. */
export type Routed = { update: InboundUpdate; connections: Connection[] };

/**
 * Records a batch of Meta's facts and queues the events they make. A fact's event is queued **before** the fact is
 * written: so a fact that is found written has its event queued, and one that comes again (Meta's redelivery, a crash
 * half-way) makes no second event and loses none.
 * @returns for each update whether it is done; one that is not has to come again
 */
export const recordUpdates =
  (deps: Deps) =>
  async (updates: readonly InboundUpdate[]): Promise<boolean[]> => {
    const routed = await Promise.all(updates.map((update) => route(deps, update)));
    const [known, seen] = await Promise.all([knownMessages(deps, routed), seenFacts(deps, routed)]);
    const facts = await Promise.all(routed.map((one) => factOf(deps, one, known, seen)));

    const deliveries = new Map<string, Delivery>();
    for (const fact of facts) {
      if (fact === null || fact === 'later' || fact.isRecorded) continue;
      for (const { event, connection } of fact.events) {
        // Once: a fact may come twice in a batch, and several statuses reconcile the same message.
        if (isWanted(event, connection) && !deliveries.has(event.id)) {
          deliveries.set(event.id, toDelivery(event, connection));
        }
      }
    }
    if (deliveries.size > 0) await deps.enqueue([...deliveries.values()]);
    return Promise.all(facts.map(write));
  };

/** @returns whether it is done. One that cannot be written does not keep the others from being. */
async function write(fact: Fact | 'later' | null): Promise<boolean> {
  if (fact === 'later') return false;
  if (fact === null || fact.isRecorded) return true;
  try {
    await fact.record();
    return true;
  } catch (error) {
    logger.error('update.not_recorded', error as Error);
    return false;
  }
}

/** By number, and what has none by WABA, to each of its brands: contract §6. */
async function route(deps: Deps, update: InboundUpdate): Promise<Routed> {
  if (update.kind === 'kept') return { update, connections: [] };
  const phoneNumberId = 'phone_number_id' in update ? update.phone_number_id : null;
  if (phoneNumberId === null) {
    return { update, connections: update.waba_id === null ? [] : await deps.connectionsOfWaba(update.waba_id) };
  }
  const connection = await deps.connectionOf(phoneNumberId);
  return { update, connections: connection ? [connection] : [] };
}

/** Which facts besides messages were recorded before. */
async function seenFacts({ metaUpdates, now }: Deps, routed: readonly Routed[]): Promise<ReadonlySet<string>> {
  const asked = routed.flatMap(({ update, connections: { length } }) =>
    length > 0 && isRememberedByKey(update) ? [{ owner: ownerOf(update), id: factKey(update) }] : [],
  );
  return asked.length === 0 ? new Set() : metaUpdates.seen(asked, now());
}

type Remembered = Exclude<InboundUpdate, { kind: 'kept' | 'message' | 'echo' }>;

/** Messages are remembered by their own items. */
function isRememberedByKey(update: InboundUpdate): update is Remembered {
  if (update.kind === 'status') return update.participant !== null;
  return update.kind !== 'kept' && update.kind !== 'message' && update.kind !== 'echo';
}

async function factOf(
  deps: Deps,
  { update, connections }: Routed,
  known: KnownMessages,
  seen: ReadonlySet<string>,
): Promise<Fact | 'later' | null> {
  if (update.kind === 'kept') return factOfKept(deps, update);
  const [connection] = connections;
  if (!connection) {
    logger.warn('update.unrouted', {
      phone_number_id: 'phone_number_id' in update ? update.phone_number_id : null,
      waba_id: update.waba_id,
    });
    count('UpdateUnrouted', { kind: update.kind });
    return factOfUnrouted(deps, update);
  }
  if (update.kind === 'message' || update.kind === 'echo') {
    const recorded = known.of(update);
    const refersTo = recorded ? null : await known.referredTo(update, connection.brandId);
    return factOfMessage(deps, update, connection, recorded, refersTo);
  }
  const isSeen = isRememberedByKey(update) && seen.has(factKey(update));
  if (update.kind !== 'status') return factOfAccount(deps, update, connections, isSeen);
  const messageId = known.idOf(update);
  const message = known.of(update);
  if (messageId === null) {
    // Sent by another app on the same number: not ours to tell of.
    count('StatusOfUnknownMessage');
    return null;
  }
  const isYoung = deps.now() - update.at < WRITER_MAY_LIVE_MS;
  if (!message && isYoung) return 'later';
  const fact = await factOfStatus(deps, update, connection, message ?? { messageId, brandId: connection.brandId });
  return update.participant === null ? fact : rememberedAs(deps, fact, update, isSeen);
}

const isWanted = (event: TenantEvent, connection: Connection): boolean =>
  connection.webhookUrl !== null && connection.eventFilter.includes(event.type);

const toDelivery = (event: TenantEvent, { connectionId }: Connection): Delivery => ({
  kind: 'fresh',
  event,
  connection_id: connectionId,
});
