import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { isLoopbackAddress, isSpecialAddress } from './special-addresses.ts';

/** `allow-loopback` also takes http and loopback; infra gives it to the local stage alone. */
export type EndpointPolicy = 'public' | 'allow-loopback';

/** Why an endpoint is not called. `address_not_allowed` also stands for names that resolve to such an address. */
export type EndpointRefusal = 'url_not_allowed' | 'address_not_allowed';

const PUBLIC_PORTS = new Set(['', '443', '8443']);

/** @returns null when the URL may be an endpoint as far as its text tells */
export function refuseUrl(url: URL, policy: EndpointPolicy): EndpointRefusal | null {
  if (url.username !== '' || url.password !== '') return 'url_not_allowed';
  if (policy === 'allow-loopback') return /^https?:$/.test(url.protocol) ? null : 'url_not_allowed';
  if (url.protocol !== 'https:' || !PUBLIC_PORTS.has(url.port)) return 'url_not_allowed';
  // URL has already made 0x7f.1, 2130706433 and 0177.0.0.1 into dotted form.
  return isIP(hostOf(url)) === 0 ? null : 'url_not_allowed';
}

/** Without the brackets of an IPv6 literal. */
export const hostOf = (url: URL): string => url.hostname.replace(/^\[|\]$/g, '');

/** Every address of a name, as the system knows them. */
export type Resolve = (host: string) => Promise<readonly { address: string; family: number }[]>;
const systemResolve: Resolve = (host) => lookup(host, { all: true });

export type VettedAddress = { address: string; family: 4 | 6 };

/**
 * Resolves the host and looks at every address it has: one bad one among good ones is a rebinding attempt.
 * @returns the address to connect to, and to no other
 * @throws when the name does not resolve
 */
export async function vetHost(
  host: string,
  policy: EndpointPolicy,
  resolve: Resolve = systemResolve,
): Promise<VettedAddress | EndpointRefusal> {
  const addresses = await resolve(host);
  if (!addresses.every(({ address }) => isAllowedAddress(address, policy))) return 'address_not_allowed';
  const [first] = addresses;
  return first ? { address: first.address, family: first.family === 6 ? 6 : 4 } : 'address_not_allowed';
}

/** Only plain global unicast; an IPv4 address written as IPv6 is none. */
export function isAllowedAddress(address: string, policy: EndpointPolicy): boolean {
  const family = isIP(address);
  if (family !== 4 && family !== 6) return false;
  if (policy === 'allow-loopback' && isLoopbackAddress(address, family)) return true;
  return !isSpecialAddress(address, family);
}
