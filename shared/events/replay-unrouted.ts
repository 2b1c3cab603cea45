import type { Now } from '../clock.ts';
import { parseJson } from '../json.ts';
import type { QueueText } from '../queue.ts';
import type { MetaUpdateStore } from '../store/meta-update-store.ts';
import { InboundUpdate, ownerOf } from './inbound-update.ts';
import { packUpdates } from './pack-updates.ts';

type Deps = {
  metaUpdates: Pick<MetaUpdateStore, 'kept' | 'remove'>;
  /** Into `inbound-events`. Resolves when all are safely queued. */
  enqueue: (messages: readonly QueueText[]) => Promise<void>;
  now: Now;
};

/**
 * Queues again what came for a number or WABA before a brand connected it. Call it after the connection is active; may
 * be called again: what is queued is forgotten only afterwards, and a fact that is told twice counts once.
 * @returns how many updates were queued
 */
export const replayUnrouted =
  ({ metaUpdates, enqueue, now }: Deps) =>
  async (of: { phone_number_id: string | null; waba_id: string | null }): Promise<number> => {
    const owner = ownerOf(of);
    for (let queued = 0; ; ) {
      const items = await metaUpdates.kept(owner, 'unrouted', now());
      if (items.length === 0) return queued;
      const updates = items.flatMap(({ text }) => InboundUpdate.safeParse(parseJson(text)).data ?? []);
      await enqueue(packUpdates(updates, now()));
      await Promise.all(items.map((item) => metaUpdates.remove(item)));
      queued += updates.length;
    }
  };
