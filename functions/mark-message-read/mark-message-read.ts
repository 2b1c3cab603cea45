import { ApiError } from '../../shared/errors.ts';
import type { ApiRequest } from '../../shared/http/api-handler.ts';
import type { MessageParams } from '../../shared/http/fields.ts';
import { type ApiResponse, answer } from '../../shared/http/response.ts';
import { requireOk } from '../../shared/meta/call-outcome.ts';
import type { GraphClient } from '../../shared/meta/graph-client.ts';
import type { ConnectionSecret } from '../../shared/secrets.ts';
import type { Connection } from '../../shared/store/connection-store.ts';
import type { MessageHistory } from '../../shared/store/message-history.ts';
import { type MarkReadBody, ReadReceipt } from './schema.ts';

type Deps = {
  connectionOf: (brandId: string) => Promise<Connection | null>;
  secretOf: (connection: Connection) => Promise<ConnectionSecret>;
  messages: Pick<MessageHistory, 'find'>;
  graph: Pick<GraphClient, 'markRead'>;
};

/** POST /messages/{id}/read. Harmless when repeated: it needs no lock and keeps no answer. */
export const markMessageRead =
  ({ connectionOf, secretOf, messages, graph }: Deps) =>
  async ({
    brandId,
    mode,
    params,
    body: { typing },
  }: ApiRequest<MarkReadBody, MessageParams>): Promise<ApiResponse> => {
    const message = await messages.find(brandId, params.id);
    if (message?.direction !== 'inbound' || message.waMessageId === undefined)
      throw new ApiError('message_not_found', 'The brand has received no message of this id.');
    // A sandbox key does nothing that a person would see.
    if (mode === 'live') {
      const connection = await connectionOf(brandId);
      if (!connection) throw new ApiError('connection_not_found', 'The brand has no active WhatsApp connection.');
      const { access_token: accessToken } = await secretOf(connection);
      const from = { phoneNumberId: connection.phoneNumberId, accessToken };
      requireOk(await graph.markRead(from, message.waMessageId, typing));
    }
    return answer(200, ReadReceipt, {
      id: message.messageId,
      wa_message_id: message.waMessageId,
      read: true,
      typing,
    });
  };
