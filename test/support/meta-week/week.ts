import { createHmac } from 'node:crypto';
import { expect } from '@jest/globals';
import { parseEvent } from '../../../shared/events/schemas/event-schemas.ts';
import { messageStatus } from '../../../shared/store/message.ts';
import { APP_SECRET, inMemoryRecorder } from '../in-memory-recorder.ts';
import { CONNECTIONS, elementsOf, FACTS_TAKE_SECONDS, type Fact, frameOf, LISTS, type Sent, START } from './fact.ts';

const WEEK_MS = 7 * 24 * 3600 * 1000;
const TOLD_FROM_MS = (START + 2 * FACTS_TAKE_SECONDS) * 1000;

/** What a week leaves: the events for the tenants, and the keys of what is kept for us. */
export type Outcome = { events: ReturnType<typeof parseEvent>[]; kept: string[] };

type Recorder = ReturnType<typeof inMemoryRecorder>;

/** A fact told once, to a system that knows of nothing else: what is told then is to be told in every week. */
export async function alone(fact: Fact, sent: readonly Sent[]): Promise<Outcome> {
  const recorder = inMemoryRecorder(CONNECTIONS);
  write(recorder, sent);
  recorder.setNow(TOLD_FROM_MS);
  const body = bodyOf([fact], () => 1);
  await recorder.receive(body, signatureOf(body));
  expect(await recorder.work(recorder.queue.splice(0))).toEqual([]);
  return outcomeOf(recorder);
}

/** A week in which Meta sends the facts in any order, several times, in any batches, some of them cut off on the way. */
export async function week(all: readonly Fact[], sent: readonly Sent[], seed: number): Promise<Outcome> {
  const next = random(seed);
  const upTo = (count: number) => Math.floor(next() * count);
  const recorder = inMemoryRecorder(CONNECTIONS, { record: () => next() < 0.05 });
  write(recorder, sent);
  const expectNoStepBack = stateWatch(recorder);
  const work = async (atLeast: number) => {
    while (recorder.queue.length > atLeast) {
      const batch = recorder.queue.splice(upTo(recorder.queue.length), 1 + upTo(10));
      recorder.queue.push(...(await recorder.work(batch)));
      expectNoStepBack();
    }
  };

  const toSend = all
    .flatMap((fact) => Array.from({ length: 1 + upTo(3) }, () => [next(), fact] as const))
    .sort(([a], [b]) => a - b)
    .map(([, fact]) => fact);
  for (let now = TOLD_FROM_MS; toSend.length > 0; now += Math.floor((next() * WEEK_MS) / all.length)) {
    recorder.setNow(now);
    const batch = toSend.splice(0, 1 + upTo(next() < 0.1 ? 60 : 8));
    const body = bodyOf(batch, next);
    if (next() < 0.2) {
      // What was cut is not what was signed: refused, and Meta sends it again.
      const cut = recorder.receive(body.subarray(0, upTo(body.length)), signatureOf(body));
      await expect(cut).rejects.toThrow('does not match');
      toSend.splice(upTo(toSend.length), 0, ...batch);
      continue;
    }
    await recorder.receive(body, signatureOf(body));
    await work(upTo(20));
  }
  await work(0);
  return outcomeOf(recorder);
}

function write({ messages }: Recorder, sent: readonly Sent[]): void {
  for (const { brandId, wamid: waMessageId, messageId, isUnresolved } of sent) {
    const outcome = isUnresolved ? { outcomeUnknownAt: 1 } : { acceptedAt: 1 };
    const message = { brandShard: '', brandId, messageId, direction: 'outbound' as const, waMessageId, ...outcome };
    messages.set(messageId, message);
  }
}

const outcomeOf = ({ deliveries, kept }: Recorder): Outcome => ({
  // A crash between queueing and writing queues an event again, under its id; each of its texts is looked at.
  events: deliveries.map(({ event }) => parseEvent(event)),
  kept: [...kept.keys()].sort(),
});

const RANK = ['accepted', 'failed', 'sent', 'delivered', 'read', 'played'];
/** `failed` comes after sent and gives way to delivered, so the two change places. */
const rankOf = (state: string): number => (state === 'failed' ? 2.5 : RANK.indexOf(state));

function stateWatch({ messages }: Recorder): () => void {
  const states = new Map<string, number>();
  return () => {
    for (const message of messages.values()) {
      const rank = rankOf(messageStatus(message));
      const before = states.get(message.messageId) ?? -1;
      // Jest's own comparison is slow, and this is made a hundred thousand times.
      if (rank < before) expect(rank).toBeGreaterThanOrEqual(before);
      states.set(message.messageId, rank);
    }
  };
}

type Entry = { id: string; time?: number | undefined; changes: Pick<Fact, 'field' | 'value'>[] };

/** Some facts share an entry, some even a list; some have their own. Ids of templates come as numbers and as texts. */
function bodyOf(batch: readonly Fact[], next: () => number): Buffer {
  const entries: Entry[] = [];
  for (const { wabaId: id, time, field, value } of batch) {
    const entry = next() < 0.5 ? entries.find((one) => one.id === id && one.time === time) : undefined;
    if (!entry) {
      entries.push({ id, ...(time === undefined ? {} : { time }), changes: [{ field, value }] });
      continue;
    }
    const change = entry.changes.find((one) => one.field === field && canShare(one.value, value));
    if (change && next() < 0.7) change.value = joined(change.value, value);
    else entry.changes.push({ field, value });
  }
  return Buffer.from(
    JSON.stringify({ object: 'whatsapp_business_account', entry: entries }).replaceAll(
      /("message_template_id":)"?(\d+)"?/g,
      (_, key: string, id: string) => `${key}${next() < 0.5 ? id : `"${id}"`}`,
    ),
  );
}

/** What stands beside the lists has to be the same: contacts say whom an update is about. */
const canShare = (a: Record<string, unknown>, b: Record<string, unknown>): boolean =>
  elementsOf(a).length > 0 && elementsOf(b).length > 0 && JSON.stringify(frameOf(a)) === JSON.stringify(frameOf(b));

function joined(a: Record<string, unknown>, b: Record<string, unknown>): Record<string, unknown> {
  const elements = [...elementsOf(a), ...elementsOf(b)];
  const lists = LISTS.map(
    (list) => [list, elements.flatMap(([of, element]) => (of === list ? [element] : []))] as const,
  );
  return { ...frameOf(a), ...Object.fromEntries(lists.filter(([, list]) => list.length > 0)) };
}

const signatureOf = (body: Buffer) => `sha256=${createHmac('sha256', APP_SECRET).update(body).digest('hex')}`;

/** Small, seeded, good enough to shuffle with: mulberry32. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
