import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { LOOKS, openPage, screenshot, seriousFindings, startBrowser } from '../support/browser.ts';
import { type RunningStack, startStack } from '../support/local-stack.ts';
import { rememberSecret } from '../support/run-secrets.ts';
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
      if (name === 'mint-key') {
        // It comes late and by itself.
        await page.getByRole('dialog', { name: /^Mint a key/ }).waitFor();
        // axe takes a label for hidden that one has to scroll a dialog for: so tall, all of it is on the screen.
        await page.setViewportSize({ ...options.viewport, height: 1600 });
      }
      findings.push(...(await seriousFindings(page)).map((finding) => `${name}: ${finding}`));
      await page.setViewportSize(options.viewport);
      await screenshot(page, `app-${name}-${look}`);
    }
    expect(findings).toEqual([]);
    expect(complaints).toEqual([]);
    await close();
  },
  240_000,
);

/** What changes something, on the page that has it. */
const CHANGES: Record<string, string[]> = {
  'api-keys': ['Mint a key'],
  connection: ['New token', 'Disconnect', 'Send test event', 'Edit', 'Rotate'],
  templates: ['Sync'],
  deliveries: ['Recover many', 'Replay selected (0)'],
  delivery: ['Replay'],
  recoveries: ['Recover many'],
  catalogue: ['Send test event'],
  members: ['Invite'],
};

test('a viewer sees every page; whatever is pressed, nothing but reading leaves the browser', async () => {
  const { page, close } = await openPage(browser, stack.dashboard_url, LOOKS.light);
  await signIn(page, stack.dashboard_url, 'viewer@demo.example');
  const changes: string[] = [];
  page.on('request', (request) => {
    if (request.method() !== 'GET' && request.url().includes('/api/'))
      changes.push(`${request.method()} ${request.url()}`);
  });
  let pressed = 0;
  for (const [name, address, title] of pages()) {
    await open(page, address, title);
    for (const change of CHANGES[name] ?? []) {
      const button = page.getByRole('button', { name: change, exact: true }).first();
      expect([name, change, await button.isDisabled()]).toEqual([name, change, true]);
    }
    for (const label of await enabledButtons(page)) {
      const button = page.getByRole('main').getByRole('button', { name: label, exact: true, disabled: false }).first();
      if (!(await button.isVisible())) continue;
      await button.click();
      pressed += 1;
      await page.keyboard.press('Escape');
      await open(page, address, title);
    }
  }
  expect(pressed).toBeGreaterThan(20);
  expect(changes).toEqual([]);
  await close();
}, 240_000);

/** Names of the buttons that can be pressed; of those that differ by an id alone, one. */
async function enabledButtons(page: Page): Promise<string[]> {
  const names = await page.evaluate<
    string[]
  >(`[...document.querySelectorAll('main button:enabled:not([aria-disabled=true])')]
    .map((one) => (one.getAttribute('aria-label') ?? one.innerText).trim()).filter(Boolean)`);
  const kinds = new Map(names.map((name) => [name.replace(/[a-z]{3}_\w+|\d+/g, ''), name]));
  return [...kinds.values()];
}

test('the keyboard alone reaches everything on every page, and sees where it is', async () => {
  const { page, close } = await openPage(browser, stack.dashboard_url, LOOKS.light);
  await signIn(page, stack.dashboard_url, 'owner@demo.example');
  const missed: string[] = [];
  for (const [name, address, title] of pages()) {
    await open(page, address, title);
    if (name === 'mint-key') await page.getByRole('dialog').first().waitFor();
    const count = await page.evaluate<number>(MARK);
    // Twice around at most: a panel that has just opened may have taken the focus, and rows may have come.
    for (
      let presses = 0;
      presses < 2 * count + 40 && (await page.evaluate<boolean>(`${MISSED}.length > 0`));
      presses += 1
    ) {
      await page.keyboard.press('Tab');
      await page.evaluate(VISIT);
    }
    missed.push(...(await page.evaluate<string[]>(MISSED)).map((one) => `${name}: ${one}`));
  }
  expect(missed).toEqual([]);
  await close();
}, 240_000);

/** Numbers what can be worked with: of a group of radios one, for arrows go on; in a dialog only what is in it. */
const MARK = `(() => {
  const dialogs = [...document.querySelectorAll('[role=dialog]')].filter((one) => one.getClientRects().length > 0);
  const scope = dialogs.at(-1) ?? document.body;
  document.activeElement?.blur();
  window.reached = new Set();
  window.wanted = [...scope.querySelectorAll('a[href], button, input, select, textarea, section[tabindex]')].filter((one, place, all) =>
    one.tabIndex >= 0 && !one.disabled && one.getClientRects().length > 0 && getComputedStyle(one).visibility === 'visible' &&
    !one.closest('[inert], [aria-hidden=true]') &&
    (one.type !== 'radio' || one.checked || (!all.some((other) => other.name === one.name && other.checked) &&
      all.findIndex((other) => other.name === one.name) === place)));
  return wanted.length;
})()`;
const VISIT = `(() => {
  const one = document.activeElement;
  const { top, bottom, left, right } = one.getBoundingClientRect();
  if (bottom > 0 && right > 0 && top < innerHeight && left < innerWidth) reached.add(one);
})()`;
const MISSED = `window.wanted.filter((one) => one.isConnected && !reached.has(one)).map((one) =>
  (one.getAttribute('aria-label') ?? one.innerText ?? '').slice(0, 40) + ' ' + one.outerHTML.slice(0, 160))`;

test('a key is minted by the keyboard alone', async () => {
  const options = { ...LOOKS.light, permissions: ['clipboard-read', 'clipboard-write'] };
  const { page, close } = await openPage(browser, stack.dashboard_url, options);
  await signIn(page, stack.dashboard_url, 'owner@demo.example');
  await tabTo(page, 'API keys');
  await page.keyboard.press('Enter');
  await page.getByText('Signup service').first().waitFor();
  await tabTo(page, 'Mint a key');
  await page.keyboard.press('Enter');
  await page.getByRole('dialog', { name: /^Mint a key/ }).waitFor();
  await page.waitForFunction("document.activeElement?.placeholder === 'Signup service'");
  await page.keyboard.type('By keyboard');
  await tabTo(page, 'Create key with 1 scope');
  await page.keyboard.press('Enter');
  await page.getByRole('dialog', { name: /^The secret of/ }).waitFor();
  await tabTo(page, 'Copy');
  await page.keyboard.press('Enter');
  await page.getByText('The secret is copied.').waitFor();
  rememberSecret(await page.evaluate<string>('navigator.clipboard.readText()'));
  await tabTo(page, 'Done');
  await page.keyboard.press('Enter');
  await page.getByText('By keyboard').first().waitFor();
  await close();
}, 90_000);

/** Presses Tab until what has the focus says so; an empty field, by its example. */
async function tabTo(page: Page, name: string): Promise<void> {
  const seen: string[] = [];
  while (seen.length < 80) {
    await page.keyboard.press('Tab');
    const focused = await page.evaluate<string>(
      "(document.activeElement?.placeholder ?? document.activeElement?.innerText ?? '').trim()",
    );
    if (focused === name) return;
    seen.push(focused.slice(0, 30));
  }
  throw new Error(`The keyboard does not reach ${name}: ${seen.join(' → ')}`);
}
