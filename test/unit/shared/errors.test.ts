import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import { documentedEndpoints } from '../../../scripts/openapi.ts';
import { API_ERRORS } from '../../../shared/error-codes.ts';

const CODES = Object.keys(API_ERRORS);
const WIRING = path.join('shared', 'sending', 'wiring.ts');

/** What the gateway and the edge may say to any request of a key: shared/openapi/document.ts. */
const TO_ANY_KEY = new Set([
  ...['invalid_request', 'rate_limited', 'unavailable', 'invalid_api_key', 'insufficient_scope', 'brand_not_bound'],
  ...['forbidden', 'payload_too_large', 'unsupported_media_type'],
]);
/** Codes of modules that a function has beside what it does: which functions do not throw them. */
const ELSEWHERE: Readonly<Record<string, (fn: string) => boolean>> = {
  // Asked of one-time passwords alone (`isOtp`), in a module that every send has.
  otp_recipient_limit: (fn) => fn !== 'send-otp',
  // shared/brand/wiring.ts wires replays of one event too.
  event_not_found: (fn) => fn === 'create-recovery',
};

/** The codes a file throws or answers with; lists of codes in contracts are no use of them. */
function codesOf(file: string): string[] {
  const source = readFileSync(file, 'utf8').replaceAll(/(?:errors:|_ERRORS =) \[[^\]]*\]/g, '');
  return CODES.filter((code) => source.includes(`'${code}'`));
}

/** Every file that a file runs with, by its imports of values. */
function filesOf(file: string, seen = new Set<string>()): Set<string> {
  if (seen.has(file)) return seen;
  seen.add(file);
  const source = readFileSync(file, 'utf8');
  for (const [, names = '', from = ''] of source.matchAll(/^import (?!type\b)([^;]*?) from '(\.[^']+)'/gm)) {
    const next = path.join(path.dirname(file), from);
    if (next !== WIRING) filesOf(next, seen);
    else if (names.includes('replyingWith')) filesOf(next, seen);
    // Of the wiring of all sends, what a send that is no reply takes.
    else if (names.includes('sendingWith')) {
      seen.add(path.join('shared', 'sending', 'prepare-reply.ts'));
      filesOf(next, seen);
      seen.delete(path.join('shared', 'sending', 'prepare-reply.ts'));
    }
  }
  return seen;
}

const isNoTable = (file: string) =>
  file.endsWith('.ts') && !file.endsWith('error-codes.ts') && !file.endsWith('schema.ts');
const sources = ['functions', 'shared', 'infra'].flatMap((folder) =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => isNoTable(file) && !file.startsWith('openapi'))
    .map((file) => path.join(folder, file)),
);

test('every code in the table is thrown or answered somewhere, so that no page is written for an error nobody gets', () => {
  const used = new Set(sources.flatMap(codesOf));
  expect(CODES.filter((code) => !used.has(code))).toEqual([]);
});

test('what an endpoint may throw is in its contract, and what is in its contract it may throw', async () => {
  const wrong: string[] = [];
  let endpoints = 0;
  for (const { route, contract } of await documentedEndpoints()) {
    if (route.auth.kind !== 'api-key') continue;
    endpoints += 1;
    const files = [...filesOf(path.join('functions', route.function, 'handler.ts'))].filter(isNoTable);
    const thrown = new Set(files.flatMap(codesOf));
    for (const code of thrown) {
      if (contract.errors.includes(code as keyof typeof API_ERRORS) || TO_ANY_KEY.has(code)) continue;
      if (!ELSEWHERE[code]?.(route.function)) wrong.push(`${route.function} throws ${code}, which is not listed`);
    }
    for (const code of contract.errors)
      if (!thrown.has(code)) wrong.push(`${route.function} lists ${code}, which nothing of it throws`);
  }
  expect(wrong).toEqual([]);
  expect(endpoints).toBeGreaterThanOrEqual(23);
});

test.each(Object.entries(API_ERRORS))('%s says what to do, and when to retry', (_code, row) => {
  expect(row.status).toBeGreaterThanOrEqual(400);
  expect(row.fix).toMatch(/\.$/);
  if (row.status === 429 || row.status === 503) expect(row.retryAfterSeconds).toBeGreaterThan(0);
});
