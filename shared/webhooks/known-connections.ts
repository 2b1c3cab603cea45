import type { Now } from '../clock.ts';
import { cached } from '../store/cached.ts';
import type { Connection, ConnectionStore } from '../store/connection-store.ts';
import type { Endpoint } from '../store/endpoint-store.ts';

/** Who is called: the connection's URL, and the endpoint as it was when the URL was looked up. */
export type Target = { connection: Connection; endpoint: Endpoint };

/** It costs the event no attempt: what brought it brings it again, and then the new URL is called. */
export const endpointChanged = (): Error =>
  new Error('The endpoint was enabled, or given another URL, while it was called');

/**
 * The connections a container knows: for a minute, but not beyond the next time its endpoint is enabled. A change of the
 * URL enables it in the same transaction, so nobody calls the old URL who has seen the endpoint enabled.
 */
export function knownConnections(read: ConnectionStore['get'], now: Now) {
  const known = cached(
    (connectionId: string, _enabledAt: string) => read(connectionId),
    (found) => found !== null,
    now,
  );
  return {
    of: ({ connectionId, closedAt }: Endpoint): Promise<Connection | null> => known(connectionId, String(closedAt)),

    /**
     * Before the endpoint is held to what its URL has shown: it may have been another's place for a minute.
     * @throws endpointChanged
     */
    async requireSameUrl({ connection, endpoint }: Target): Promise<void> {
      const current = await read(connection.connectionId);
      if (current?.webhookUrl === connection.webhookUrl) return;
      known.forget(endpoint.connectionId, String(endpoint.closedAt));
      throw endpointChanged();
    },
  };
}
export type KnownConnections = ReturnType<typeof knownConnections>;
