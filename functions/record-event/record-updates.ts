import type { Now } from '../../shared/clock.ts';
import type { TenantEvent } from '../../shared/events/envelope.ts';
import type { InboundUpdate } from '../../shared/events/inbound-update.ts';
import { inboundMessageId } from '../../shared/events/tenant-events.ts';
import { logger } from '../../shared/logger.ts';
import { count } from '../../shared/metrics.ts';
import type { Connection } from '../../shared/store/connection-store.ts';
import type { Message, MessageStore } from '../../shared/store/message-store.ts';
import type { Delivery } from '../../shared/webhooks/delivery.ts';
import { type Fact, factOfMessage, factOfStatus } from './facts.ts';

/** A status may overtake the writing of its own message; after this much longer the writer must be dead, milliseconds. */
const WRITER_MAY_LIVE_MS = 60_000;
/** Pauses before a message that is not there yet is looked for again, milliseconds. */
const LOOK_AGAIN_AFTER_MS = [50, 150, 400];

type Deps = {
  connectionOf: (phoneNumberId: string) => Promise<Connection | null>;
  messages: MessageStore;
  /** Resolves when all are safely queued. */
  enqueue: (deliveries: readonly Delivery[]) => Promise<void>;
  now: Now;
  sleep: (ms: number) => Promise<void>;
};

type Located<U extends InboundUpdate = InboundUpdate> = { update: U; connection: Connection; messageId: string | null };

/**
 * Records a batch of Meta's facts and queues the events they make. A fact's event is queued **before** the fact is
 * written: so a fact that is found written has its event queued, and one that comes again (Meta's redelivery, a crash
 * half-way) makes no second event and loses none.
 * @returns for each update whether it is done; one that is not has to come again
 */
export const recordUpdates =
  (deps: Deps) =>
  async (updates: readonly InboundUpdate[]): Promise<boolean[]> => {
    const located = await Promise.all(updates.map((update) => locate(deps, update)));
    const known = await readMessages(deps, located.filter(isLocated));
    const facts = located.map((one) => (one ? factOf(deps, one, known) : null));

    const fresh = facts.filter((fact): fact is Fact => fact !== null && fact !== 'later' && !fact.isRecorded);
    const deliveries = new Map<string, Delivery>();
    for (const { events, connection } of fresh) {
      for (const event of events)
        if (isWanted(event, connection)) deliveries.set(event.id, toDelivery(event, connection));
    }
    if (deliveries.size > 0) await deps.enqueue([...deliveries.values()]);

    return Promise.all(
      facts.map(async (fact) => {
        if (fact === 'later') return false;
        if (fact && !fact.isRecorded) await fact.record();
        return true;
      }),
    );
  };

/** Whose update it is, and our id of its message. @returns null when no brand has the number */
async function locate(deps: Deps, update: InboundUpdate): Promise<Located | null> {
  const connection = await deps.connectionOf(update.phone_number_id);
  if (!connection) {
    logger.warn('update.number_unknown', { phone_number_id: update.phone_number_id });
    count('UpdateNumberUnknown');
    return null;
  }
  const messageId =
    update.kind === 'message'
      ? inboundMessageId(update)
      : (update.message_id ?? (await deps.messages.idOfWaMessage(connection.brandId, update.wa_message_id)));
  return { update, connection, messageId };
}

const isLocated = (located: Located | null): located is Located => located !== null;

/** The messages the updates speak of, by id. Outbound ones may be a moment from being written: they are waited for. */
async function readMessages(deps: Deps, located: readonly Located[]): Promise<Map<string, Message>> {
  const known = new Map<string, Message>();
  const isMissing = ({ messageId }: Located) => messageId !== null && !known.has(messageId);
  const read = async (wanted: readonly Located[]) => {
    const ids = new Map(wanted.map((one) => [one.messageId ?? '', one.connection.brandId]));
    const found = await deps.messages.getMany([...ids].map(([messageId, brandId]) => ({ messageId, brandId })));
    for (const message of found) known.set(message.messageId, message);
  };
  await read(located.filter(isMissing));
  for (const pause of LOOK_AGAIN_AFTER_MS) {
    const awaited = located.filter((one) => one.update.kind === 'status' && isMissing(one));
    if (awaited.length === 0) break;
    await deps.sleep(pause);
    await read(awaited);
  }
  return known;
}

function factOf(deps: Deps, located: Located, known: ReadonlyMap<string, Message>): Fact | 'later' | null {
  const { update, connection, messageId } = located;
  const message = messageId === null ? undefined : known.get(messageId);
  if (update.kind === 'message') return factOfMessage(deps, update, connection, message);
  if (messageId === null) {
    // Sent by another app on the same number: not ours to tell of.
    count('StatusOfUnknownMessage');
    return null;
  }
  const isYoung = deps.now() - update.at < WRITER_MAY_LIVE_MS;
  if (!message && isYoung) return 'later';
  return factOfStatus(deps, update, connection, message ?? { messageId, brandId: connection.brandId });
}

const isWanted = (event: TenantEvent, connection: Connection): boolean =>
  connection.webhookUrl !== null && connection.eventFilter.includes(event.type);

const toDelivery = (event: TenantEvent, { connectionId }: Connection): Delivery => ({
  kind: 'fresh',
  event,
  connection_id: connectionId,
});
