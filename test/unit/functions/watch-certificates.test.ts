import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:tls';
import { expect, jest, test } from '@jest/globals';
import { servedUntil } from '../../../functions/watch-certificates/served-until.ts';
import { watchCertificates } from '../../../functions/watch-certificates/watch-certificates.ts';
import { certificateUntil } from '../../support/certificate.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
const NOW = Date.UTC(2026, 10, 22);

/** How often `CertificateExpiring` was counted. */
async function counted(urls: string[], days: Record<string, number | Error>): Promise<number> {
  const written = jest.spyOn(process.stdout, 'write').mockReturnValue(true);
  const servedUntilOf = async ({ host }: URL) => {
    const left = days[host];
    if (left === undefined || left instanceof Error) throw left ?? new Error(`${host} is not prepared`);
    return NOW + left * DAY_MS;
  };
  const lines = () => written.mock.calls.filter(([line]) => String(line).includes('"CertificateExpiring":1')).length;
  try {
    await watchCertificates({ urls, servedUntil: servedUntilOf, now: () => NOW })();
    return lines();
  } finally {
    written.mockRestore();
  }
}

test.each([
  [29.9, 1],
  [30, 0],
  [300, 0],
  [-1, 1],
])('a certificate with %d days left counts %i', async (days, times) => {
  expect(await counted(['https://api.example/api/'], { 'api.example': days })).toBe(times);
});

test('on one machine nothing is served over TLS, and nothing is looked at', async () => {
  expect(await counted(['http://127.0.0.1:4510/api/'], {})).toBe(0);
});

test('one that does not answer does not hide the others, and is a fault', async () => {
  const urls = ['https://gone.example', 'https://ends.example'];
  await expect(counted(urls, { 'gone.example': new Error('ENOTFOUND'), 'ends.example': 3 })).rejects.toThrow(
    /gone\.example could not be looked at/,
  );
});

/** Serves a certificate. @returns what a look at it says, with its issuer trusted and without */
async function looks(until: number): Promise<{ trusted: number; unknown: number }> {
  const { key, cert } = certificateUntil(until);
  const server = createServer({ key, cert }, (socket) => socket.end());
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = new URL(`https://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  try {
    return { trusted: await servedUntil(url, cert), unknown: await servedUntil(url) };
  } finally {
    server.close();
  }
}

test('the end is that of the certificate that is served; of one that callers refuse, now', async () => {
  const until = Math.floor((Date.now() + 40 * DAY_MS) / 1000) * 1000;
  expect(await looks(until)).toEqual({ trusted: until, unknown: 0 });
  expect(await looks(Date.now() - DAY_MS)).toEqual({ trusted: 0, unknown: 0 });
});

test('nobody there is an error', async () => {
  await expect(servedUntil(new URL('https://127.0.0.1:1/'))).rejects.toThrow(/ECONNREFUSED/);
});
