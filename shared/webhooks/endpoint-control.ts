import type { Now } from '../clock.ts';
import type { Endpoint, EndpointRef, EndpointStore } from '../store/endpoint-store.ts';

type Deps = { endpoints: EndpointStore; startWatch: (endpoint: Endpoint) => Promise<void>; now: Now };

/**
 * Somebody says that the endpoint works again, or has given the connection another URL. Doing it twice is harmless.
 * @param releasesHeld all that is held follows at a bounded rate; else it stays held, and a recovery can bring it
 */
export const enableEndpoint =
  ({ endpoints, startWatch, now }: Deps) =>
  async (ref: EndpointRef, releasesHeld: boolean): Promise<Endpoint> => {
    const { heldFrom } = await endpoints.get(ref);
    const enabled = await endpoints.enable(ref, now(), releasesHeld ? (heldFrom ?? now()) : now());
    await startWatch(enabled);
    return enabled;
  };
