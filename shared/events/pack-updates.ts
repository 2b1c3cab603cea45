import { type QueueText, queueText } from '../queue.ts';
import { fitUpdate, MAX_UPDATE_BYTES } from './fit-update.ts';
import { type InboundUpdate, ownerOf } from './inbound-update.ts';
import { keptUpdates } from './normalize-context.ts';

/**
 * Updates of one owner in one message of the queue. A thousand are then a hundred messages and ten calls of SQS, and one
 * invocation of record-event, with ten messages, reads the messages of a hundred statuses in one call.
 */
const MAX_UPDATES = 10;

/** SQS counts 64 KiB as one request, and ten messages go into a call of 1 MiB. */
const TARGET_BYTES = 96 * 1024;

/**
 * Updates → messages of the queue `inbound-events` (`InboundBatch`), grouped by whose they are: fair by number, so that
 * one number's burst does not delay another's, and without a read to know it.
 */
export function packUpdates(updates: readonly InboundUpdate[], receivedAt: number): QueueText[] {
  const packs: { group: string; texts: string[]; bytes: number }[] = [];
  const open = new Map<string, (typeof packs)[number]>();
  const add = (group: string, text: string) => {
    const bytes = Buffer.byteLength(text);
    const last = open.get(group);
    if (last && last.texts.length < MAX_UPDATES && last.bytes + bytes <= TARGET_BYTES) {
      last.texts.push(text);
      last.bytes += bytes;
      return;
    }
    const pack = { group, texts: [text], bytes };
    packs.push(pack);
    open.set(group, pack);
  };
  for (const update of updates) {
    const group = ownerOf(update);
    const text = queueText(update);
    if (Buffer.byteLength(text) <= MAX_UPDATE_BYTES) {
      add(group, text);
      continue;
    }
    const fitting = fitUpdate(update, queueText);
    if (fitting !== null) add(group, fitting);
    for (const piece of keptUpdates(text, aboutLarge(update, receivedAt))) add(group, queueText(piece));
  }
  return packs.map(({ group, texts }) => ({ group, text: `{"updates":[${texts.join(',')}]}` }));
}

function aboutLarge(update: InboundUpdate, receivedAt: number) {
  const { waba_id } = update;
  const phone_number_id = 'phone_number_id' in update ? update.phone_number_id : null;
  return { phone_number_id, waba_id, field: update.kind, reason: 'too_large' as const, receivedAt };
}
