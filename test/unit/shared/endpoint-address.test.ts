import { expect, test } from '@jest/globals';
import { isAllowedAddress, refuseUrl, vetHost } from '../../../shared/webhooks/endpoint-address.ts';

test.each([
  ['https://hooks.example.com/x', null],
  ['https://hooks.example.com:8443/x', null],
  ['http://hooks.example.com/x', 'url_not_allowed'],
  ['https://hooks.example.com:22/x', 'url_not_allowed'],
  ['https://user:pass@hooks.example.com/', 'url_not_allowed'],
  ['https://127.0.0.1/', 'url_not_allowed'],
  ['https://2130706433/', 'url_not_allowed'],
  ['https://0x7f.1/', 'url_not_allowed'],
  ['https://0177.0.0.1/', 'url_not_allowed'],
  ['https://[::1]/', 'url_not_allowed'],
  ['ftp://hooks.example.com/', 'url_not_allowed'],
  ['https://127.0.0.1./', 'url_not_allowed'],
  ['https://127.1/', 'url_not_allowed'],
  ['https://017700000001/', 'url_not_allowed'],
  ['https://0x7f000001/', 'url_not_allowed'],
  ['https://[::ffff:169.254.169.254]/', 'url_not_allowed'],
  ['https://①②⑦.0.0.1/', 'url_not_allowed'],
  ['https://hooks.example.com./x', null],
])('the URL %s is judged %s', (url, expected) => {
  expect(refuseUrl(new URL(url), 'public')).toBe(expected);
});

test.each([
  '0.0.0.0',
  '10.0.0.1',
  '100.64.0.1',
  '127.0.0.1',
  '127.255.255.254',
  '169.254.169.254',
  '172.16.0.1',
  '192.0.0.8',
  '192.0.2.1',
  '192.168.1.1',
  '198.18.0.1',
  '198.51.100.1',
  '203.0.113.1',
  '224.0.0.1',
  '240.0.0.1',
  '255.255.255.255',
  '::',
  '::1',
  '::ffff:10.0.0.1',
  '::ffff:169.254.169.254',
  '64:ff9b::a00:1',
  '64:ff9b:1::1',
  '::ffff:8.8.8.8',
  '::ffff:a00:1',
  'fec0::1',
  '3fff::1',
  '5f00::1',
  '100::1',
  '192.88.99.1',
  '2002:a00:1::',
  '2001::1',
  'fc00::1',
  'fd12::1',
  'fe80::1',
  'ff02::1',
  '2001:db8::1',
  '64:ff9b:1::a00:1',
  '::ffff:0:10.0.0.1',
  '::10.0.0.1',
  '100::1',
  '192.88.99.1',
  '192.31.196.1',
  '192.175.48.1',
  '2001:2::1',
  '2001:10::1',
  '2001:20::1',
  '3fff::1',
  '4000::1',
  '5f00::1',
  'fec0::1',
  'fd00:ec2::254',
  '100.100.100.200',
  '168.63.129.16',
  '127.0.0.1.',
  'fe80::1%eth0',
  'not an address',
])('the address %s is refused', (address) => {
  expect(isAllowedAddress(address, 'public')).toBe(false);
});

test.each(['8.8.8.8', '1.1.1.1', '2606:4700:4700::1111', '2a00:1450:4001::1'])(
  'the address %s is allowed',
  (address) => {
    expect(isAllowedAddress(address, 'public')).toBe(true);
  },
);

test('a name that resolves to loopback is refused, but for the local stage', async () => {
  expect(await vetHost('localhost', 'public')).toBe('address_not_allowed');
  expect(await vetHost('localhost', 'allow-loopback')).toHaveProperty('address');
});

test.each([
  ['one private among public ones', ['93.184.216.34', '10.0.0.1'], 'address_not_allowed'],
  ['IPv4 public, IPv6 loopback', ['93.184.216.34', '::1'], 'address_not_allowed'],
  ['none at all', [], 'address_not_allowed'],
  ['public ones', ['93.184.216.34', '2606:4700:4700::1111'], { address: '93.184.216.34', family: 4 }],
])('a name with %s', async (_case, addresses, expected) => {
  const resolve = async () => addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
  expect(await vetHost('hooks.example.com', 'public', resolve)).toEqual(expected);
});

test.each(['localhost', 'localhost.'])('%s is loopback, with and without the dot of the root', async (host) => {
  expect(await vetHost(host, 'public', async () => [{ address: '127.0.0.1', family: 4 }])).toBe('address_not_allowed');
});
