import { ApiError } from '../errors.ts';
import type { Connection } from '../store/connection-store.ts';

/** @throws ApiError 409 where Meta is known to take the connection's token no more: nothing would come of asking it */
export function requireUsableToken<T extends Pick<Connection, 'token'>>(connection: T): T {
  if (connection.token?.state !== 'dead') return connection;
  throw new ApiError(
    'connection_token_invalid',
    'The access token of the WhatsApp connection has expired, or its access was taken away.',
  );
}
