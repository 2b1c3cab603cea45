import type { Now } from '../clock.ts';
import type { StatusUpdate } from '../events/inbound-update.ts';
import type { GraphClient, SendOutcome } from '../meta/graph-client.ts';
import { isRetryableMetaError } from '../meta/meta-errors.ts';
import { type SandboxStatus, sandboxOutcome } from './outcomes.ts';
import { SANDBOX_TOKEN, SANDBOX_WABA } from './sandbox-connection.ts';

type Sends = Pick<GraphClient, 'sendMessage'>;
type Deps = {
  graph: Sends;
  /** Has a status recorded and told as if Meta had sent it, after so many seconds. */
  enqueue: (updates: readonly { update: StatusUpdate; afterSeconds: number }[]) => Promise<void>;
  now: Now;
};

/** Meta's client for live keys, and for sandbox keys one that asks nobody: the recipient's number says what happens. */
export const withSandboxGraph = ({ graph, enqueue, now }: Deps): Sends => ({
  async sendMessage(from, body): Promise<SendOutcome> {
    if (from.accessToken !== SANDBOX_TOKEN) return graph.sendMessage(from, body);
    const { to = '', biz_opaque_callback_data: messageId = '' } = body as Record<string, string | undefined>;
    const phone = to.replace('+', '');
    const { answer, statuses } = sandboxOutcome(phone);
    const waMessageId = `wamid.sandbox.${messageId}`;
    if (answer === 'unreachable')
      return { kind: 'not_sent', cause: new Error('The sandbox is unreachable for this number') };
    if (typeof answer === 'object') {
      const error = {
        code: answer.refusedWith,
        message: `(#${answer.refusedWith}) Refused by the sandbox`,
        type: 'OAuthException',
      };
      return { kind: 'refused', error };
    }
    const sentAt = now();
    const updateOf = ({ status, code }: SandboxStatus): StatusUpdate => ({
      kind: 'status',
      phone_number_id: from.phoneNumberId,
      waba_id: SANDBOX_WABA,
      // As Meta's: each status has its own time, however late it is told.
      at: sentAt + ORDER.indexOf(status) * 1000,
      wa_message_id: waMessageId,
      status,
      recipient: { phone, user_id: null, name: null, username: null },
      participant: null,
      message_id: messageId,
      pricing: null,
      conversation: null,
      errors:
        code === undefined
          ? []
          : [
              {
                code,
                title: 'Refused by the sandbox',
                message: null,
                details: null,
                retryable: isRetryableMetaError(code),
              },
            ],
    });
    await enqueue(statuses.map((one) => ({ update: updateOf(one), afterSeconds: one.afterSeconds })));
    return answer === 'unknown'
      ? { kind: 'unknown', reason: 'timeout' }
      : { kind: 'accepted', waMessageId, waId: phone };
  },
});

const ORDER = ['sent', 'delivered', 'read', 'played', 'failed'];
