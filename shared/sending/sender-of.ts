import type { ConnectionSecret } from '../secrets.ts';
import type { Connection } from '../store/connection-store.ts';
import type { Outgoing } from './send-once.ts';

/** Whose number sends, and with which token. */
export const senderOf = (connection: Connection, secret: ConnectionSecret): Outgoing['from'] => ({
  phoneNumberId: connection.phoneNumberId,
  wabaId: connection.wabaId,
  accessToken: secret.access_token,
  // Of connections older than the watch over tokens nothing else is known.
  tokenSetAt: secret.token_set_at ?? connection.createdAt,
});
