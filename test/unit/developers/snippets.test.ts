import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import * as z from 'zod';
import { isFromQuixess } from '../../../dashboard/developers/snippets/verify.mjs';
import { readSnippets } from '../../../dashboard/developers/snippets.ts';

const root = path.resolve(import.meta.dirname, '../../..');
const snippets = path.join(root, 'dashboard/developers/snippets');
const drivers = path.join(root, 'test/support/snippets');
const temporary = mkdtempSync(path.join(tmpdir(), 'snippets-'));
afterAll(() => rmSync(temporary, { recursive: true }));

const Vectors = z.object({
  vectors: z.array(
    z.object({
      name: z.string(),
      secrets: z.array(z.string()),
      body: z.string(),
      headers: z.record(z.string(), z.string()),
    }),
  ),
});
const { vectors } = Vectors.parse(JSON.parse(readFileSync(path.join(root, 'docs/webhook-vectors.json'), 'utf8')));

type Case = {
  name: string;
  now: number;
  secret: string;
  body: string;
  headers: Record<string, string>;
  isValid: boolean;
};

const CASES: Case[] = vectors.flatMap(({ name, secrets, body, headers }): Case[] => {
  const at = Number(headers['webhook-timestamp']);
  const valid = { now: at + 2, secret: secrets[0]!, body, headers, isValid: true };
  const without = (header: string) => ({ ...headers, [header]: '' });
  return [
    ...secrets.map((secret, index) => ({ ...valid, name: `${name}: valid, secret ${index + 1}`, secret })),
    { ...valid, name: `${name}: tampered`, body: body.replace('message.received', 'message.read'), isValid: false },
    { ...valid, name: `${name}: stale`, now: at + 301, isValid: false },
    { ...valid, name: `${name}: from the future`, now: at - 301, isValid: false },
    { ...valid, name: `${name}: as old as may be`, now: at + 300 },
    {
      ...valid,
      name: `${name}: wrong secret`,
      secret: `whsec_${Buffer.alloc(32, 7).toString('base64')}`,
      isValid: false,
    },
    { ...valid, name: `${name}: another id`, headers: { ...headers, 'webhook-id': 'evt_other' }, isValid: false },
    { ...valid, name: `${name}: no signature`, headers: without('webhook-signature'), isValid: false },
    { ...valid, name: `${name}: no time`, headers: without('webhook-timestamp'), isValid: false },
  ];
});

const base64 = (text: string): string => Buffer.from(text).toString('base64');
const input = CASES.map(({ now, secret, body, headers }) =>
  [
    now,
    secret,
    headers['webhook-id'],
    headers['webhook-timestamp'],
    base64(body),
    base64(headers['webhook-signature'] ?? ''),
  ].join('\t'),
).join('\n');

/** A runtime, and how the snippet is run with it. All drivers read the same cases. */
const RUNTIMES: Record<string, { probe: string[]; run: () => string }> = {
  Python: {
    probe: ['python3', '--version'],
    run: () => execFileSync('python3', ['-B', path.join(drivers, 'driver.py'), snippets], { input, encoding: 'utf8' }),
  },
  PHP: {
    probe: ['php', '--version'],
    run: () => execFileSync('php', [path.join(drivers, 'driver.php'), snippets], { input, encoding: 'utf8' }),
  },
  Go: {
    probe: ['go', 'version'],
    run: () => {
      mkdirSync(path.join(temporary, 'quixess'));
      writeFileSync(path.join(temporary, 'go.mod'), 'module quixess\n\ngo 1.19\n');
      copyFileSync(path.join(snippets, 'verify.go'), path.join(temporary, 'quixess/verify.go'));
      copyFileSync(path.join(drivers, 'driver.go'), path.join(temporary, 'driver.go'));
      return execFileSync('go', ['run', '.'], { input, encoding: 'utf8', cwd: temporary });
    },
  },
  Java: {
    probe: ['javac', '-version'],
    run: () => {
      execFileSync('javac', ['-d', temporary, path.join(snippets, 'Verify.java'), path.join(drivers, 'Driver.java')]);
      return execFileSync('java', ['-cp', temporary, 'Driver'], { input, encoding: 'utf8' });
    },
  },
};
const atHand = Object.entries(RUNTIMES).filter(
  ([
    ,
    {
      probe: [command = '', ...rest],
    },
  ]) => spawnSync(command, rest).status === 0,
);

test('the page shows the files that are run here, in five languages', () => {
  expect(readSnippets().map(({ label }) => label)).toEqual(['Node', 'Python', 'PHP', 'Go', 'Java']);
  expect(
    readSnippets()
      .map(({ label }) => label)
      .filter((label) => label !== 'Node'),
  ).toEqual(Object.keys(RUNTIMES));
});

test.each(CASES)('Node, $name', ({ now, secret, body, headers, isValid }) => {
  expect(isFromQuixess(body, headers, secret, now)).toBe(isValid);
});

test.each(atHand)(
  '%s says the same of every case',
  (_language, { run }) => {
    const said = run().trim().split('\n');
    expect(CASES.map(({ name }, index) => `${name}: ${said[index]}`)).toEqual(
      CASES.map(({ name, isValid }) => `${name}: ${isValid}`),
    );
  },
  120_000,
);
