import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { LOOKS, openPage, screenshot, startBrowser } from '../support/browser.ts';
import { count, endpointOf, isCalm, messagesArrive, storedEvents } from '../support/delivery.ts';
import { eventually, type RunningStack, startStack } from '../support/local-stack.ts';
import { heading, open, signIn } from './support/dashboard.ts';

let stack: RunningStack;
let browser: Browser;
let page: Page;
beforeAll(async () => {
  [stack, browser] = await Promise.all([startStack(), startBrowser()]);
  ({ page } = await openPage(browser, stack.dashboard_url, LOOKS.light));
  await signIn(page, stack.dashboard_url, 'developer@demo.example');
}, 180_000);
afterAll(async () => {
  await browser?.close();
  await stack?.stop();
}, 60_000);

const arrivals = () => stack.receiver.received({ event_type: 'message.received' });
const distinct = <T>(values: readonly T[]): T[] => [...new Set(values)];

test('a broken receiver: the failure and its attempts are seen, it is repaired, replayed, delivered', async () => {
  await stack.receiver.behave({ mode: 'status', status: 500 });
  await messagesArrive(stack, 1);
  await open(page, '/webhooks/deliveries?type=message.received', 'Webhook deliveries');
  await page.getByText('Retrying').first().waitFor();
  await page.getByRole('link', { name: 'message.received' }).first().click();
  await page.getByText(/Your endpoint answered 500/).waitFor();
  await page.getByText('Attempt 1: 500').waitFor();
  await screenshot(page, 'app-flow-broken');

  await stack.receiver.behave({ mode: 'ok' });
  await page.getByRole('button', { name: /^(Try now|Replay)$/ }).click();
  await page.getByText('Your endpoint took it with 200.').waitFor();
  await screenshot(page, 'app-flow-repaired');
  const received = await arrivals();
  expect(distinct(received.map(({ headers }) => headers['x-quixess-event-id']))).toHaveLength(1);
  expect(received.at(-1)).toMatchObject({ answered: 200, signature_valid: true });
}, 90_000);

test('a hundred that an endpoint missed: it is enabled, they are counted, recovered, and all arrive', async () => {
  await stack.receiver.behave({ mode: 'status', status: 410 });
  await messagesArrive(stack, 1, 'the last straw');
  await eventually(
    () => endpointOf(stack),
    (endpoint) => endpoint?.state === 'disabled',
  );
  await messagesArrive(stack, 100);
  await eventually(
    () => storedEvents(stack),
    (events) => count(events, 'held') === 100,
    30_000,
  );
  await stack.receiver.clear();
  await stack.receiver.behave({ mode: 'ok' });

  await open(page, '/whatsapp/connection', 'Connection');
  await page.getByRole('button', { name: 'Enable', exact: true }).click();
  const enabling = page.getByRole('dialog', { name: 'Enable the endpoint' });
  // They are to come by a recovery, not by the release that it offers.
  await enabling.getByText('Bring what was held meanwhile').click();
  await enabling.getByRole('button', { name: 'Enable', exact: true }).click();
  await enabling.waitFor({ state: 'hidden' });

  await open(page, '/webhooks/deliveries', 'Webhook deliveries');
  let counts = 0;
  page.on('request', (request) => {
    if (request.method() === 'POST' && request.url().endsWith('/webhooks/recoveries')) counts += 1;
  });
  await page.getByRole('button', { name: 'Recover many' }).click();
  const recovering = page.getByRole('dialog', { name: 'Recover many events' });
  // Beside the hundred: the one that was answered 410, and endpoint.disabled, which could not be told either.
  const recover = recovering.getByRole('button', { name: 'Recover 102', exact: true });
  await recover.waitFor();
  await recovering.getByText('102 events, about 11 s.').waitFor();
  for (let press = 0; press < 10; press += 1) await recovering.getByRole('slider').press('ArrowRight');
  await recovering.getByText('At most 20 a second').waitFor();
  await recovering.getByText('102 events, about 6 s.').waitFor();
  // A count may take seconds: another rate is no reason for another.
  expect(counts).toBe(1);
  for (let press = 0; press < 10; press += 1) await recovering.getByRole('slider').press('ArrowLeft');
  await screenshot(page, 'app-flow-dry-run');
  expect(await arrivals()).toEqual([]);
  await recover.click();

  await heading(page, 'Recoveries').waitFor();
  await page.getByText('A recovery is running').waitFor();
  await page.getByText('Events on their way').first().waitFor();
  await screenshot(page, 'app-flow-recovering');
  await eventually(
    async () => {
      if (await isCalm(stack)) await stack.control.advance(2);
      return arrivals();
    },
    (received) => received.length >= 101,
    60_000,
  );
  await page.getByText('Completed').first().waitFor();
  await page.getByText('102 of 102').waitFor();
  await screenshot(page, 'app-flow-recovered');
  const received = await arrivals();
  expect(received.every(({ signature_valid }) => signature_valid)).toBe(true);
  expect(distinct(received.map(({ headers }) => headers['x-quixess-event-id']))).toHaveLength(101);
  expect(received).toHaveLength(101);
}, 180_000);

test('of a filter whose newest rows match nothing, older ones are looked for', async () => {
  const list = /\/v1\/webhooks\/events\?/;
  await page.route(list, (route) => {
    const url = new URL(route.request().url());
    // As a busy brand's: the API has looked through so many, and stopped.
    if (url.searchParams.get('cursor') !== 'further')
      return route.fulfill({ json: { data: [], has_more: true, next_cursor: 'further' } });
    url.searchParams.delete('cursor');
    return route.continue({ url: String(url) });
  });
  await open(page, '/webhooks/deliveries?type=message.received&status=delivered', 'Webhook deliveries');
  await page.getByText('None among the newest').waitFor();
  await page.getByRole('button', { name: 'Look further back' }).click();
  await page.getByRole('link', { name: 'message.received' }).first().waitFor();
  // Back on the page that has none, there is still more to look at.
  await page.getByRole('button', { name: 'Previous page' }).click();
  await page.getByText('None among the newest').waitFor();
  await page.unroute(list);
}, 60_000);
