import type { KeyMode } from '../api-key.ts';
import type { Now } from '../clock.ts';
import { ApiError } from '../errors.ts';
import type { ConnectionSecret } from '../secrets.ts';
import type { Connection } from '../store/connection-store.ts';
import type { ConversationStore } from '../store/conversation-store.ts';
import type { MessageHistory } from '../store/message-history.ts';
import type { Outgoing } from './send-once.ts';
import { senderOf } from './sender-of.ts';
import { requireOpenWindow } from './service-window.ts';

type Deps = {
  connectionOf: (brandId: string, mode: KeyMode) => Promise<Connection | null>;
  secretOf: (connection: Connection) => Promise<ConnectionSecret>;
  messages: Pick<MessageHistory, 'find' | 'ofConversation'>;
  conversations: Pick<ConversationStore, 'get'>;
  now: Now;
};

/** A reply as its endpoint understands it. */
export type Reply = {
  brandId: string;
  mode: KeyMode;
  to: string;
  type: string;
  /** Our id or the wamid of the message to quote. */
  replyTo?: string | undefined;
  /** Meta's body of this type, e.g. `{text: {body}}`. */
  graph: Record<string, unknown>;
  content: Record<string, unknown>;
  reference?: string | undefined;
};

/**
 * Everything that can be refused without Meta: no connection, a quoted message that is not there, a closed window.
 * @throws ApiError 404 or 409
 */
export const prepareReply =
  ({ connectionOf, secretOf, messages, conversations, now }: Deps) =>
  async ({ brandId, mode, to, type, replyTo, graph, content, reference }: Reply): Promise<Outgoing> => {
    const connection = await connectionOf(brandId, mode);
    if (!connection) throw new ApiError('connection_not_found', 'The brand has no active WhatsApp connection.');
    const [secret, quoted] = await Promise.all([
      secretOf(connection),
      replyTo === undefined ? null : requireWamid({ messages }, brandId, replyTo, '/reply_to'),
      // Nobody can write to the sandbox: everybody has just written.
      mode === 'test' ? null : requireOpenWindow({ messages, conversations, now }, brandId, to),
    ]);
    return {
      to,
      type,
      graph: { type, ...graph, ...(quoted === null ? {} : { context: { message_id: quoted } }) },
      content,
      replyTo: quoted,
      reference: reference ?? null,
      limits: connection.limits,
      from: senderOf(connection, secret),
    };
  };

/**
 * Meta's id of a message of this brand.
 * @throws ApiError 404 for a message the brand does not have, or that Meta has not taken
 */
export async function requireWamid(
  { messages }: { messages: Pick<MessageHistory, 'find'> },
  brandId: string,
  idOrWamid: string,
  pointer: string,
): Promise<string> {
  const message = await messages.find(brandId, idOrWamid);
  if (message?.waMessageId !== undefined) return message.waMessageId;
  const text = message ? 'WhatsApp has not taken this message.' : 'The brand has no message of this id.';
  throw new ApiError('message_not_found', text, { errors: [{ pointer, code: 'not_found', message: text }] });
}
