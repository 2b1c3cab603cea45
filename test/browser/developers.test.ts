import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Browser } from 'playwright-core';
import * as z from 'zod';
import { buildDistribution } from '../../local/edge/distribution.ts';
import { type Edge, startEdge } from '../../local/edge/server.ts';
import { API_ERRORS } from '../../shared/error-codes.ts';
import { synthesized } from '../infra/synthesized.ts';
import { LOOKS, openPage, screenshot, seriousFindings, startBrowser } from '../support/browser.ts';

const root = path.resolve(import.meta.dirname, '../..');
const openApi = readFileSync(path.join(root, 'openapi.json'), 'utf8');
const Operations = z.record(z.string(), z.record(z.string(), z.looseObject({ operationId: z.string() })));
const operations = Object.values(Operations.parse(JSON.parse(openApi).paths))
  .flatMap((methods) => Object.values(methods))
  // People's own endpoints have a role instead of a scope, and are the dashboard's.
  .filter((operation) => 'x-quixess-scope' in operation)
  .map(({ operationId }) => operationId);
const codes = Object.keys(API_ERRORS);
const PAGES = [
  '/developers',
  '/developers/events',
  '/developers/errors',
  '/developers/errors/rate_limited',
  '/developers/changelog',
];

/** The most a page may weigh with style and script, as the browser gets it. */
const MOST_BYTES = 30_000;

let browser: Browser;
let edge: Edge;
/** Stands where both APIs are. */
const api = createServer((_request, response) => {
  response.writeHead(200, { 'Content-Type': 'application/json' }).end(openApi);
});

beforeAll(async () => {
  await new Promise<void>((resolve) => api.listen(0, '127.0.0.1', resolve));
  const apiUrl = `http://127.0.0.1:${(api.address() as AddressInfo).port}`;
  const behaviors = buildDistribution(synthesized('local').deployment);
  [edge, browser] = await Promise.all([startEdge({ port: 0, behaviors, apiUrl }), startBrowser()]);
}, 120_000);
afterAll(async () => {
  await browser?.close();
  await edge?.stop();
  api.close();
});

describe.each(Object.entries(LOOKS))('%s', (name, look) => {
  // Long pages are the same in every look but for colours, which the home page has all of.
  test.each(name === 'light' ? PAGES : ['/developers', '/developers/errors/rate_limited'])(
    '%s: no serious finding of axe, no complaint, nothing from elsewhere, nothing beyond the edge',
    async (address) => {
      const { page, complaints, foreign, close } = await openPage(browser, edge.url, look);
      await page.goto(address);
      const width = await page.evaluate('document.documentElement.scrollWidth');
      expect(width).toBeLessThanOrEqual(look.viewport.width);
      await page.locator('details.endpoint').evaluateAll((all) => {
        for (const one of all.slice(0, 3)) one.setAttribute('open', '');
      });
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(look.viewport.width);
      expect(await seriousFindings(page)).toEqual([]);
      await screenshot(page, `developers-${address.split('/').slice(2).join('-') || 'home'}-${name}`);
      expect({ complaints, foreign }).toEqual({ complaints: [], foreign: [] });
      await close();
    },
    60_000,
  );

  test('sections of the page look as meant', async () => {
    const { page, close } = await openPage(browser, edge.url, look);
    await page.goto('/developers#templates.send');
    expect(await page.locator('[id="templates.send"]').getAttribute('open')).not.toBeNull();
    await screenshot(page, `developers-endpoint-${name}`);
    for (const id of ['quickstart', 'webhooks', 'verify', 'reference', 'errors', 'guides']) {
      await page.locator(`#${id}`).scrollIntoViewIfNeeded();
      await page.evaluate(`document.getElementById('${id}').scrollIntoView()`);
      await screenshot(page, `developers-${id}-${name}`);
    }
    await close();
  }, 60_000);
});

test('a page weighs at most 30 KB on its way, style and script included', async () => {
  for (const address of PAGES) {
    const { page, close } = await openPage(browser, edge.url, LOOKS.light);
    let bytes = 0;
    page.on('response', async (response) => {
      bytes += Number(response.headers()['content-length'] ?? Number.NaN);
    });
    await page.goto(address, { waitUntil: 'networkidle' });
    expect(bytes).toBeGreaterThan(3000);
    expect([address, bytes <= MOST_BYTES ? 'fits' : bytes]).toEqual([address, 'fits']);
    await close();
  }
}, 60_000);

describe('what is on the page', () => {
  test('every operation of the document that takes a key, or none', async () => {
    const { page, close } = await openPage(browser, edge.url, LOOKS.light);
    await page.goto('/developers');
    const ids = await page.locator('.group details.endpoint').evaluateAll((all) => all.map(({ id }) => id));
    expect(ids.sort()).toEqual(operations.sort());
    await close();
  });

  test('every error code, with a page of its own', async () => {
    const { page, close } = await openPage(browser, edge.url, LOOKS.light);
    await page.goto('/developers');
    const linked = await page.locator('#errors td a').allTextContents();
    expect(linked.sort()).toEqual(codes.sort());
    for (const code of codes) {
      const response = await page.request.get(`/developers/errors/${code}`);
      expect([code, response.status()]).toEqual([code, 200]);
      expect(await response.text()).toContain(`<code>${code}</code>`);
    }
    await close();
  });

  test('every link leads somewhere, to its very place on the page', async () => {
    const { page, close } = await openPage(browser, edge.url, LOOKS.light);
    const seen = new Map<string, string>();
    const todo = [...PAGES];
    for (let address = todo.shift(); address !== undefined; address = todo.shift()) {
      if (seen.has(address)) continue;
      const response = await page.request.get(address);
      expect([address, response.status()]).toEqual([address, 200]);
      const text = await response.text();
      seen.set(address, text);
      if (!response.headers()['content-type']?.includes('html') || address.startsWith('/app')) continue;
      for (const [, link = ''] of text.matchAll(/(?:href|src)="([^"]+)"/g)) {
        if (link.startsWith('http') || link.startsWith('data:')) continue;
        const { pathname, hash } = new URL(link, `http://site${address}`);
        todo.push(pathname);
        if (hash === '') continue;
        const target = seen.get(pathname) ?? (await (await page.request.get(pathname)).text());
        expect([address, link, target.includes(`id="${hash.slice(1)}"`)]).toEqual([address, link, true]);
      }
    }
    expect(seen.size).toBeGreaterThan(codes.length);
    await close();
  }, 120_000);

  test('a twin in Markdown of every page, and the lists for language models', async () => {
    const { page, close } = await openPage(browser, edge.url, LOOKS.light);
    for (const address of [...PAGES.map((one) => `${one}.md`), '/llms.txt', '/llms-full.txt']) {
      const response = await page.request.get(address);
      expect([address, response.status()]).toEqual([address, 200]);
      expect(response.headers()['content-type']).toMatch(/^text\/(?:markdown|plain); charset=utf-8$/);
      expect(await response.text()).toMatch(/^# \w/);
    }
    const all = await (await page.request.get('/llms-full.txt')).text();
    for (const code of codes) expect(all).toContain(code);
    await close();
  });
});

describe('without script', () => {
  test('endpoints open, and languages are chosen', async () => {
    const { page, close } = await openPage(browser, edge.url, { ...LOOKS.light, javaScriptEnabled: false });
    await page.goto('/developers');
    const endpoint = page.locator('[id="otp.send"]');
    expect(await endpoint.getByText('Idempotency-Key', { exact: true }).first().isVisible()).toBe(false);
    await endpoint.locator('summary').first().click();
    expect(await endpoint.getByText('Idempotency-Key', { exact: true }).first().isVisible()).toBe(true);
    const verify = page.locator('fieldset', { hasText: 'Verify a webhook' });
    for (const language of ['Python', 'PHP', 'Go', 'Java', 'Node']) {
      await verify.getByText(language, { exact: true }).click();
      expect(await verify.locator('pre:visible').count()).toBe(1);
    }
    await close();
  });
});

describe('with the keyboard', () => {
  test('one skips to the content, opens an endpoint, and chooses a language by arrows', async () => {
    const { page, close } = await openPage(browser, edge.url, LOOKS.light);
    await page.goto('/developers');
    await page.keyboard.press('Tab');
    expect(await page.evaluate('document.activeElement.textContent')).toBe('Skip to content');
    await page.locator('[id="otp.send"] > summary').focus();
    await page.keyboard.press('Enter');
    expect(await page.locator('[id="otp.send"]').getAttribute('open')).not.toBeNull();
    await page.keyboard.press('Tab');
    for (let steps = 0; steps < 60; steps++) {
      if (await page.evaluate(`document.activeElement.matches('input[type=radio]')`)) break;
      await page.keyboard.press('Tab');
    }
    await page.keyboard.press('ArrowRight');
    expect(await page.evaluate('document.activeElement.dataset.language')).toBe('Node');
    // Chosen once, chosen in every sample.
    const chosen = await page.locator('input[data-language="Node"]:checked').count();
    expect(chosen).toBe(await page.locator('input[data-language="Node"]').count());
    await close();
  });

  test('an endpoint is found by a word', async () => {
    const { page, close } = await openPage(browser, edge.url, LOOKS.light);
    await page.goto('/developers');
    await page.getByLabel('Find an endpoint or a field').fill('dry_run');
    expect(await page.locator('.group details.endpoint:visible').evaluateAll((all) => all.map(({ id }) => id))).toEqual(
      ['recoveries.create'],
    );
    await close();
  });
});

test('printed, everything is open', async () => {
  const { page, close } = await openPage(browser, edge.url, { ...LOOKS.light, javaScriptEnabled: false });
  await page.goto('/developers');
  await page.emulateMedia({ media: 'print' });
  expect(await page.locator('[id="otp.send"]').getByText('Idempotency-Key', { exact: true }).first().isVisible()).toBe(
    true,
  );
  await close();
});
