import type { WebhookStatus } from '../store/message.ts';

/** A status that follows a send. SQS delays by whole seconds. */
export type SandboxStatus = { status: WebhookStatus; afterSeconds: number; code?: number };

/** What a send with a sandbox key comes to. */
export type SandboxOutcome = {
  description: string;
  answer: 'accepted' | 'unknown' | 'unreachable' | { refusedWith: number };
  statuses: readonly SandboxStatus[];
};

const SENT: SandboxStatus = { status: 'sent', afterSeconds: 0 };
const DELIVERED: SandboxStatus = { status: 'delivered', afterSeconds: 1 };
const READ: SandboxStatus = { status: 'read', afterSeconds: 2 };

const refused = (code: number, description: string): SandboxOutcome => ({
  description,
  answer: { refusedWith: code },
  statuses: [],
});
const failed = (code: number, description: string): SandboxOutcome => ({
  description,
  answer: 'accepted',
  statuses: [{ status: 'failed', afterSeconds: 1, code }],
});

/**
 * By recipient `+1 555 010 xxxx`: docs/sandbox.md is compared with this table. Every other number is `0000`. The local
 * stack's simulator of Meta does the same for the same numbers, so one test suite works with both.
 */
export const SANDBOX_OUTCOMES: Readonly<Record<string, SandboxOutcome>> = {
  '0000': { description: 'accepted, sent, delivered', answer: 'accepted', statuses: [SENT, DELIVERED] },
  '2000': refused(131000, 'refused: something went wrong at WhatsApp, retryable'),
  '2026': refused(131026, 'refused: cannot be delivered to this person'),
  '2047': refused(131047, 'refused: outside the service window'),
  '2056': refused(131056, 'throttled: too many messages to this person (429)'),
  '2429': refused(130429, 'throttled: the number sends too fast (429)'),
  '3000': refused(132000, 'refused: wrong number of template variables'),
  '3015': refused(132015, 'refused: the template is paused'),
  '4190': refused(190, 'refused: the access token has expired'),
  '5026': failed(131026, 'accepted, then failed: cannot be delivered to this person'),
  '5049': failed(131049, 'accepted, then failed: withheld by WhatsApp'),
  '6003': {
    description: 'outcome unknown (202), then delivered',
    answer: 'unknown',
    // Later than any answer of ours: told of before it, the outcome would be known.
    statuses: [
      { ...SENT, afterSeconds: 5 },
      { ...DELIVERED, afterSeconds: 5 },
    ],
  },
  '6007': { description: 'outcome unknown (202) for ever', answer: 'unknown', statuses: [] },
  '6009': { description: 'WhatsApp unreachable (502), nothing sent', answer: 'unreachable', statuses: [] },
  '7002': {
    description: 'accepted, each status told twice',
    answer: 'accepted',
    statuses: [SENT, SENT, DELIVERED, DELIVERED],
  },
  '7003': {
    description: 'accepted, statuses in the wrong order: read, delivered, sent',
    answer: 'accepted',
    statuses: [
      { ...READ, afterSeconds: 0 },
      { ...DELIVERED, afterSeconds: 1 },
      { ...SENT, afterSeconds: 2 },
    ],
  },
  '7004': { description: 'accepted, sent, delivered, read', answer: 'accepted', statuses: [SENT, DELIVERED, READ] },
};

/** @param phone E.164 digits */
export function sandboxOutcome(phone: string): SandboxOutcome {
  const suffix = /^1555010(\d{4})$/.exec(phone)?.[1] ?? '0000';
  return SANDBOX_OUTCOMES[suffix] ?? (SANDBOX_OUTCOMES['0000'] as SandboxOutcome);
}
