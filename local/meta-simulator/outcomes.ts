import { ERROR_CODES } from './graph/error-codes.ts';

/** A status webhook that follows a send. Delays are virtual milliseconds after acceptance. */
export type StatusStep = {
  status: 'sent' | 'delivered' | 'read' | 'played' | 'failed';
  afterMs: number;
  /** What the status's own `timestamp` says, when it is not the moment it is posted. */
  stampedMs?: number;
  /** Code of a `failed`. */
  code?: number;
};

/** What a send does. */
export type Outcome =
  /** Refused at once with this code; nothing is sent. */
  | { kind: 'refuse'; code: number }
  | {
      kind: 'take';
      /** How the answer looks; `ok` is Meta's own. */
      answer: 'ok' | 'hang' | 'reset' | 'garbage' | 'html-502' | 'slow';
      /** Whether the message goes out to the person: what `GET /_sent` shows. */
      isSent: boolean;
      messageStatus: 'accepted' | 'held_for_quality_assessment';
      statuses: readonly StatusStep[];
    };

/** Plausible for a good network: the phone has the message a quarter of a second after we asked. */
const SENT: StatusStep = { status: 'sent', afterMs: 80 };
const DELIVERED: StatusStep = { status: 'delivered', afterMs: 250 };
const USUAL = [SENT, DELIVERED] as const;
const FAILED_AFTER_MS = 300;

/** `slow` answers after this long in real time; `delay_ms` of `PUT /_behavior` replaces it. */
export const SLOW_ANSWER_MS = 5000;

function taken(statuses: readonly StatusStep[], rest: Partial<Extract<Outcome, { kind: 'take' }>> = {}): Outcome {
  return { kind: 'take', answer: 'ok', isSent: true, messageStatus: 'accepted', statuses, ...rest };
}

const NAMED: Readonly<Record<string, Outcome>> = {
  accepted: taken(USUAL),
  // Lost answers: the request arrived and, unless it says "unsent", the person gets the message.
  hang: taken(USUAL, { answer: 'hang' }),
  'hang-unsent': taken([], { answer: 'hang', isSent: false }),
  // Its status comes after every sender has given up.
  'hang-late': taken([{ ...DELIVERED, afterMs: 60_000 }], { answer: 'hang' }),
  reset: taken(USUAL, { answer: 'reset' }),
  'reset-unsent': taken([], { answer: 'reset', isSent: false }),
  garbage: taken(USUAL, { answer: 'garbage' }),
  'html-502': taken([], { answer: 'html-502', isSent: false }),
  slow: taken(USUAL, { answer: 'slow' }),
  // Status webhooks in every bad manner of §5.4.
  late: taken([
    { ...SENT, afterMs: 60_000, stampedMs: 80 },
    { ...DELIVERED, afterMs: 120_000, stampedMs: 250 },
  ]),
  duplicate: taken([
    SENT,
    { ...SENT, afterMs: 120, stampedMs: 80 },
    DELIVERED,
    { ...DELIVERED, afterMs: 400, stampedMs: 250 },
  ]),
  reordered: taken([
    { status: 'read', afterMs: 80, stampedMs: 2000 },
    { status: 'delivered', afterMs: 250, stampedMs: 250 },
    { status: 'sent', afterMs: 500, stampedMs: 80 },
  ]),
  read: taken([SENT, DELIVERED, { status: 'read', afterMs: 2000 }]),
  played: taken([SENT, DELIVERED, { status: 'read', afterMs: 2000 }, { status: 'played', afterMs: 3000 }]),
  'missing-delivered': taken([SENT, { status: 'read', afterMs: 2000 }]),
  silent: taken([]),
  held_for_quality_assessment: taken(
    [
      { ...SENT, afterMs: 10_000 },
      { ...DELIVERED, afterMs: 10_200 },
    ],
    { messageStatus: 'held_for_quality_assessment' },
  ),
  'held-dropped': taken([{ status: 'failed', afterMs: 10_000, code: 132015 }], {
    messageStatus: 'held_for_quality_assessment',
    isSent: false,
  }),
  'sent-then-failed': taken([SENT, { status: 'failed', afterMs: FAILED_AFTER_MS, code: 131026 }], { isSent: false }),
};

/**
 * Recipient `+1 555 010 xxxx` → what happens. Everything else is `accepted`. `+1 555 010 0001` is the sender itself
 * (131021). The thousands say the kind: 2 = 130/131xxx at once, 3 = 132/133/135xxx at once, 4 = Graph codes at once,
 * 5 = 200 and `failed` later, 6 = the answer is lost, 7 = statuses.
 */
export const OUTCOME_BY_SUFFIX: Readonly<Record<string, string>> = {
  ...refusals('2', [131000, 131005, 131008, 131009, 131016, 131026, 131030, 131031, 131037, 131042, 131045, 131047]),
  ...refusals('2', [131048, 131051, 131055, 131056, 131057, 131062, 131063, 131064, 130429, 130497]),
  ...{ '3000': 'error-132000', '3001': 'error-132001', '3005': 'error-132005', '3007': 'error-132007' },
  ...{ '3012': 'error-132012', '3015': 'error-132015', '3016': 'error-132016', '3018': 'error-132018' },
  ...{ '3304': 'error-133004', '3310': 'error-133010', '3500': 'error-135000' },
  ...refusals('4', [0, 1, 2, 3, 4, 10, 33, 100, 190, 200, 368, 613, 803, 80007]),
  ...{ '5026': 'failed-131026', '5047': 'failed-131047', '5048': 'failed-131048', '5049': 'failed-131049' },
  ...{ '5050': 'failed-131050', '5053': 'failed-131053', '5042': 'failed-131042', '5056': 'failed-131056' },
  ...{ '5000': 'failed-131000', '5403': 'failed-130403', '5472': 'failed-130472', '5700': 'failed-137000' },
  ...{ '6001': 'hang', '6002': 'hang-unsent', '6003': 'reset', '6004': 'garbage', '6005': 'html-502', '6006': 'slow' },
  ...{ '6007': 'reset-unsent', '6008': 'hang-late' },
  ...{ '7001': 'late', '7002': 'duplicate', '7003': 'reordered', '7004': 'read', '7005': 'missing-delivered' },
  ...{ '7006': 'held_for_quality_assessment', '7007': 'held-dropped', '7008': 'played', '7009': 'silent' },
  ...{ '7010': 'sent-then-failed' },
};

/** @param name a key of the table above, `error-<code>` or `failed-<code>` with any code of §6, or a bare code */
export function outcomeByName(name: string): Outcome | undefined {
  const named = NAMED[name];
  if (named !== undefined) return named;
  const match = /^(?:(error|failed)-)?(\d+)$/.exec(name);
  const code = Number(match?.[2]);
  if (match === null || ERROR_CODES[code] === undefined) return undefined;
  if (match[1] === 'failed') {
    return taken([{ status: 'failed', afterMs: FAILED_AFTER_MS, code }], { isSent: false });
  }
  return { kind: 'refuse', code };
}

/** All names `PUT /_behavior` takes beside `error-<code>` and `failed-<code>`. */
export const OUTCOME_NAMES: readonly string[] = Object.keys(NAMED);

/** @param phone E.164 digits, null for a recipient known only by user id */
export function outcomeNameFor(phone: string | null): string {
  const suffix = phone === null ? undefined : /^1555010(\d{4})$/.exec(phone)?.[1];
  return (suffix === undefined ? undefined : OUTCOME_BY_SUFFIX[suffix]) ?? 'accepted';
}

/** Suffix: the kind's digit and the last three digits of the code. */
function refusals(kind: string, codes: readonly number[]): Record<string, string> {
  return Object.fromEntries(codes.map((code) => [kind + String(code).slice(-3).padStart(3, '0'), `error-${code}`]));
}
