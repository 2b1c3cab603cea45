import { BlockList } from 'node:net';

/**
 * Ranges that no endpoint may be in, from the IANA special-purpose address registries (RFC 6890 and its updates) and
 * the multicast and reserved blocks. Node's own BlockList instead of a library: 13 KB less in the largest bundles, and
 * the list is here to be read.
 */
const IPV4: readonly [network: string, prefix: number][] = [
  ['0.0.0.0', 8], // this network
  ['10.0.0.0', 8], // private
  ['100.64.0.0', 10], // carrier-grade NAT
  ['127.0.0.0', 8], // loopback
  ['168.63.129.16', 32], // public by its range, but the inside of a cloud: Azure's platform address
  ['169.254.0.0', 16], // link-local, and with it the metadata address
  ['172.16.0.0', 12], // private
  ['192.0.0.0', 24], // IETF protocol assignments
  ['192.0.2.0', 24], // documentation
  ['192.31.196.0', 24], // AS112
  ['192.52.193.0', 24], // AMT
  ['192.88.99.0', 24], // 6to4 relays
  ['192.168.0.0', 16], // private
  ['192.175.48.0', 24], // AS112
  ['198.18.0.0', 15], // benchmarking
  ['198.51.100.0', 24], // documentation
  ['203.0.113.0', 24], // documentation
  ['224.0.0.0', 4], // multicast
  ['240.0.0.0', 4], // reserved, and broadcast
];

const IPV6: readonly [network: string, prefix: number][] = [
  // Everything but 2000::/3, global unicast: loopback, IPv4-mapped, NAT64 (64:ff9b::/96, 64:ff9b:1::/48), discard,
  // SRv6, unique local, link-local, site-local, multicast.
  ['::', 3],
  ['4000::', 2],
  ['8000::', 1],
  ['2001::', 23], // IETF protocol assignments: Teredo, benchmarking, ORCHID …
  ['2001:db8::', 32], // documentation
  ['2002::', 16], // 6to4: an IPv4 address in disguise
  ['2620:4f:8000::', 48], // AS112
  ['3fff::', 20], // documentation
];

/** One list per family: BlockList takes an IPv4 address for its IPv4-mapped form too, which is in `::/3`. */
const special = { 4: new BlockList(), 6: new BlockList() };
for (const [network, prefix] of IPV4) special[4].addSubnet(network, prefix, 'ipv4');
for (const [network, prefix] of IPV6) special[6].addSubnet(network, prefix, 'ipv6');

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8, 'ipv4');
loopback.addAddress('::1', 'ipv6');

/** @param family 4 or 6, as `isIP` tells */
export const isSpecialAddress = (address: string, family: 4 | 6): boolean =>
  special[family].check(address, `ipv${family}`);

export const isLoopbackAddress = (address: string, family: 4 | 6): boolean => loopback.check(address, `ipv${family}`);
