import type { Now } from '../clock.ts';
import type { Endpoint, EndpointRef, EndpointStore } from '../store/endpoint-store.ts';
import type { Write } from '../store/transaction.ts';

type StartWatch = (endpoint: Endpoint) => Promise<void>;
type Deps = { endpoints: EndpointStore; startWatch: StartWatch; now: Now };

/**
 * Somebody says that the endpoint works again, or has given the connection another URL. Doing it twice is harmless.
 * @param releasesHeld all that is held follows at a bounded rate; else it stays held, and a recovery can bring it
 */
export const enableEndpoint =
  ({ endpoints, startWatch, now }: Deps) =>
  async (ref: EndpointRef, releasesHeld: boolean): Promise<Endpoint> => {
    const enabled = await endpoints.enable(ref, now(), heldFromOf(await endpoints.get(ref), releasesHeld, now()));
    await startWatch(enabled);
    return enabled;
  };

/** The same in two parts, for a change that is written with who made it. */
export const endpointControl = ({ endpoints, startWatch, now }: Deps) => ({
  /** As a part of a transaction. @param endpoint as it is */
  enabling: (endpoint: Endpoint, releasesHeld: boolean): Write =>
    endpoints.enabling(endpoint, now(), heldFromOf(endpoint, releasesHeld, now())),

  /** Lets what is held follow; also of an endpoint that somebody enabled who died before he came to this. */
  async release(ref: EndpointRef): Promise<Endpoint> {
    const endpoint = await endpoints.get(ref);
    if (endpoint.state === 'closed' && endpoint.heldFrom !== undefined) await startWatch(endpoint);
    return endpoint;
  },
});
export type EndpointControl = ReturnType<typeof endpointControl>;

const heldFromOf = ({ heldFrom }: Endpoint, releasesHeld: boolean, now: number): number =>
  releasesHeld ? (heldFrom ?? now) : now;
