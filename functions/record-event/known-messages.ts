import { messageUpdateId } from '../../shared/events/fact-ids.ts';
import type { EchoUpdate, InboundUpdate, MessageUpdate, StatusUpdate } from '../../shared/events/inbound-update.ts';
import type { Message } from '../../shared/store/message.ts';
import type { MessageStore } from '../../shared/store/message-store.ts';
import type { Routed } from './record-updates.ts';

/** Pauses before a message that is not there yet is looked for again, milliseconds. */
const LOOK_AGAIN_AFTER_MS = [50, 150, 400];

/** DynamoDB takes this many keys in one read. */
const MAX_KEYS = 100;

type AboutMessage = MessageUpdate | EchoUpdate | StatusUpdate;
type Deps = { messages: Pick<MessageStore, 'getMany' | 'idOfWaMessage'>; sleep: (ms: number) => Promise<void> };

export type KnownMessages = Awaited<ReturnType<typeof knownMessages>>;

/** The messages a batch speaks of, read together. Outbound ones may be a moment from being written: they are waited for. */
export async function knownMessages(deps: Deps, routed: readonly Routed[]) {
  const ids = new Map<InboundUpdate, string>();
  const located = await Promise.all(
    routed.map(async ({ update, connections: [connection] }) => {
      if (!connection || !isAboutMessage(update)) return null;
      const messageId = await idOf(deps, update, connection.brandId);
      if (messageId !== null) ids.set(update, messageId);
      return messageId === null ? null : { messageId, brandId: connection.brandId, isStatus: update.kind === 'status' };
    }),
  );
  const wanted = located.filter((one) => one !== null);
  const known = new Map<string, Message>();
  const read = async (missing: typeof wanted) => {
    const keys = [...new Map(missing.map(({ messageId, brandId }) => [messageId, { messageId, brandId }])).values()];
    for (let from = 0; from < keys.length; from += MAX_KEYS) {
      const found = await deps.messages.getMany(keys.slice(from, from + MAX_KEYS));
      for (const message of found) known.set(message.messageId, message);
    }
  };
  await read(wanted);
  for (const pause of LOOK_AGAIN_AFTER_MS) {
    const awaited = wanted.filter(({ isStatus, messageId }) => isStatus && !known.has(messageId));
    if (awaited.length === 0) break;
    await deps.sleep(pause);
    await read(awaited);
  }
  return {
    /** Our id of the message; null for one of another app. */
    idOf: (update: AboutMessage): string | null => ids.get(update) ?? null,
    of: (update: AboutMessage): Message | undefined => known.get(ids.get(update) ?? ''),
    /** Our id of the message that this one quotes, reacts to, edits or takes back. */
    referredTo: async ({ refers_to }: MessageUpdate | EchoUpdate, brandId: string): Promise<string | null> =>
      refers_to === null ? null : deps.messages.idOfWaMessage(brandId, refers_to),
  };
}

const isAboutMessage = (update: InboundUpdate): update is AboutMessage =>
  update.kind === 'message' || update.kind === 'echo' || update.kind === 'status';

async function idOf({ messages }: Deps, update: AboutMessage, brandId: string): Promise<string | null> {
  if (update.kind !== 'status') return messageUpdateId(update);
  return update.message_id ?? messages.idOfWaMessage(brandId, update.wa_message_id);
}
