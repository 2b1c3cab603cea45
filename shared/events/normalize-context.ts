import { createHash } from 'node:crypto';
import type { AccountUpdate, InboundUpdate, KeptUpdate } from './inbound-update.ts';

type Route = Pick<AccountUpdate, 'phone_number_id' | 'waba_id'>;
type Reason = KeptUpdate['reason'];

/** Where the updates of one change go, and what they need to know of the change around them. */
export type ChangeContext = Route & {
  field: string;
  /** The time of the entry, milliseconds; absent for most messages, which have their own. */
  entryTime: number | undefined;
  receivedAt: number;
  add: (update: InboundUpdate) => void;
  /** Keeps what is in no event as Meta sent it, and has it counted. */
  keep: (reason: Reason, raw: unknown) => void;
};

/** SQS takes 1 MiB and DynamoDB 400 KB: a character is at most three bytes, and six where JSON escapes it. */
const PIECE_CHARACTERS = 60_000;

/** A text to be kept, in pieces that are updates like the others. */
export function keptUpdates(
  text: string,
  about: Route & { field: string; reason: Reason; receivedAt: number },
): KeptUpdate[] {
  const { phone_number_id, waba_id, field, reason, receivedAt } = about;
  const text_id = createHash('sha256').update(text).digest('base64url').slice(0, 22);
  const parts = Math.max(1, Math.ceil(text.length / PIECE_CHARACTERS));
  return Array.from({ length: parts }, (_, index) => ({
    kind: 'kept',
    phone_number_id,
    waba_id,
    at: receivedAt,
    field: field.slice(0, 64),
    reason,
    text_id,
    part: index + 1,
    parts,
    text: text.slice(index * PIECE_CHARACTERS, (index + 1) * PIECE_CHARACTERS),
  }));
}

/** @returns null for what is nested deeper than can be written */
export function rawText(raw: unknown): string | null {
  try {
    return JSON.stringify(raw) ?? '';
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

/** Runs `read` on each element of a list on its own; what it cannot make anything of is kept. */
export function eachElement(
  context: ChangeContext,
  list: readonly unknown[] | undefined,
  read: (raw: unknown) => InboundUpdate | readonly InboundUpdate[] | null,
): void {
  for (const raw of list ?? []) {
    const update = read(raw);
    if (update === null) context.keep('unreadable', raw);
    else for (const one of [update].flat()) context.add(one);
  }
}
