import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { LOOKS, openPage, screenshot, seriousFindings, startBrowser } from '../support/browser.ts';
import { signIn } from './support/dashboard.ts';
import { type Pretend, startPretend } from './support/pretend-server.ts';
import { ulid } from './support/sample-organisation.ts';

const EVENT = `evt_${ulid(1)}`;
const CONVERSATION = 'cnv_5f1d7a84db00d2fce00b31a7fc73224f';

/** Each page as people come to it, and its heading. */
const PAGES: [name: string, address: string, heading: string][] = [
  ['overview', '/', 'Overview'],
  ['api-keys', '/settings/api-keys', 'API keys'],
  ['mint-key', '/settings/api-keys?new=1', 'API keys'],
  ['connection', '/whatsapp/connection', 'Connection'],
  ['templates', '/whatsapp/templates?template=order_update.en_US', 'Templates'],
  ['new-template', '/whatsapp/templates/new', 'New template'],
  ['otp-preset', '/whatsapp/templates/new?kind=otp', 'New template'],
  ['messages', `/whatsapp/messages?message=msg_${ulid(1)}`, 'Messages'],
  ['conversations', `/whatsapp/conversations?conversation=${CONVERSATION}`, 'Conversations'],
  ['deliveries', '/webhooks/deliveries', 'Webhook deliveries'],
  ['delivery', `/webhooks/deliveries/${EVENT}`, 'Delivery'],
  ['recoveries', '/webhooks/recoveries', 'Recoveries'],
  ['catalogue', '/webhooks/catalogue?type=message.received', 'Event catalogue'],
  ['members', '/settings/members', 'Members'],
  ['audit-log', '/settings/audit-log', 'Audit log'],
];

let pretend: Pretend;
let browser: Browser;
beforeAll(async () => {
  [pretend, browser] = await Promise.all([startPretend(), startBrowser()]);
}, 60_000);
afterAll(async () => {
  await browser.close();
  await pretend.stop();
});

const heading = (page: Page, name: string) =>
  page.getByRole('heading', { level: 1, name, exact: true, includeHidden: true });

async function open(page: Page, address: string, name: string): Promise<void> {
  // As a link of ours does: the app is not loaded anew.
  await page.evaluate(`history.pushState({}, '', ${JSON.stringify(`/app${address}`)})`);
  await heading(page, name).waitFor({ state: 'attached' });
  await page
    .getByText(/^Loading/)
    .first()
    .waitFor({ state: 'hidden' });
  await page.getByRole('status', { name: 'Loading' }).first().waitFor({ state: 'hidden' });
}

describe.each(Object.entries({ light: LOOKS.light }))('%s', (look, options) => {
  test('every page keeps nobody out, and its console is quiet', async () => {
    const { page, complaints, close } = await openPage(browser, pretend.url, options);
    await signIn(page, pretend.url, 'owner@demo.example');
    const findings: string[] = [];
    for (const [name, address, title] of PAGES) {
      await open(page, address, title);
      findings.push(...(await seriousFindings(page)).map((finding) => `${name}: ${finding}`));
      await screenshot(page, `app-${name}-${look}`);
    }
    expect(findings).toEqual([]);
    expect(complaints).toEqual([]);
    await close();
  }, 180_000);
});
