import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { LOOKS, openPage, screenshot, seriousFindings, startBrowser } from '../support/browser.ts';
import { type RunningStack, startStack } from '../support/local-stack.ts';
import { open, signIn } from './support/dashboard.ts';
import { fillOrganisation } from './support/organisation.ts';

let stack: RunningStack;
let browser: Browser;
let ids: Awaited<ReturnType<typeof fillOrganisation>>;
beforeAll(async () => {
  [stack, browser] = await Promise.all([startStack(), startBrowser()]);
  ids = await fillOrganisation(stack);
}, 180_000);
afterAll(async () => {
  await browser?.close();
  await stack?.stop();
}, 60_000);

/** Each page as people come to it, and its heading. */
const pages = (): [name: string, address: string, title: string][] => [
  ['overview', '/', 'Overview'],
  ['api-keys', '/settings/api-keys', 'API keys'],
  ['mint-key', '/settings/api-keys?new=1', 'API keys'],
  ['connection', '/whatsapp/connection', 'Connection'],
  ['templates', '/whatsapp/templates?template=signup_otp.en_US', 'Templates'],
  ['new-template', '/whatsapp/templates/new', 'New template'],
  ['otp-preset', '/whatsapp/templates/new?kind=otp', 'New template'],
  ['messages', `/whatsapp/messages?message=${ids.message}`, 'Messages'],
  ['conversations', `/whatsapp/conversations?conversation=${ids.conversation}`, 'Conversations'],
  ['deliveries', '/webhooks/deliveries', 'Webhook deliveries'],
  ['delivery', `/webhooks/deliveries/${ids.broken}`, 'Delivery'],
  ['delivery-panel', `/webhooks/deliveries?event=${ids.delivered}`, 'Webhook deliveries'],
  ['recoveries', '/webhooks/recoveries', 'Recoveries'],
  ['catalogue', '/webhooks/catalogue?type=message.received', 'Event catalogue'],
  ['members', '/settings/members', 'Members'],
  ['audit-log', '/settings/audit-log', 'Audit log'],
];

test.each(Object.entries(LOOKS))(
  '%s: every page keeps nobody out, and its console is quiet',
  async (look, options) => {
    const { page, complaints, close } = await openPage(browser, stack.dashboard_url, options);
    await signIn(page, stack.dashboard_url, 'owner@demo.example');
    const findings: string[] = [];
    for (const [name, address, title] of pages()) {
      await open(page, address, title);
      findings.push(...(await seriousFindings(page)).map((finding) => `${name}: ${finding}`));
      await screenshot(page, `app-${name}-${look}`);
    }
    expect(findings).toEqual([]);
    expect(complaints).toEqual([]);
    await close();
  },
  240_000,
);
