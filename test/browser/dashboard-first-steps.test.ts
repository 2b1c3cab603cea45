import { spawnSync } from 'node:child_process';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import * as z from 'zod';
import { admin } from '../support/admin.ts';
import { LOOKS, openPage, screenshot, startBrowser } from '../support/browser.ts';
import { type Dashboard, dashboardOf } from '../support/dashboard.ts';
import { eventually, type RunningStack, startStack } from '../support/local-stack.ts';
import { rememberSecret } from '../support/run-secrets.ts';
import { heading, keptBy, open, signIn } from './support/dashboard.ts';

/** What Meta gives a business: its account, a number of it, and a token. */
const MetaAccount = z.object({ waba_id: z.string(), phone_number_id: z.string(), access_token: z.string() });

const Listed = z.object({ data: z.array(z.object({ id: z.string(), name: z.string() })) });

let stack: RunningStack;
let browser: Browser;
let page: Page;
const said: string[] = [];
/** What must be nowhere once it was shown: the Meta token typed in, the signing secret, the key. */
const secrets: Record<string, string> = {};
beforeAll(async () => {
  [stack, browser] = await Promise.all([startStack({ isEmpty: true }), startBrowser()]);
  await admin(stack, 'organisation', 'create', 'Acme', 'owner@acme.example');
  const options = { ...LOOKS.light, permissions: ['clipboard-read', 'clipboard-write'] };
  ({ page } = await openPage(browser, stack.dashboard_url, options));
  page.on('console', (message) => said.push(message.text()));
  await signIn(page, stack.dashboard_url, 'owner@acme.example');
}, 180_000);
afterAll(async () => {
  await browser?.close();
  // Looks for what was remembered in logs and tables, too.
  await stack?.stop();
}, 60_000);

const link = (name: string) => page.getByRole('link', { name, exact: true });
const button = (name: string) => page.getByRole('button', { name, exact: true });

/** Copies what is shown this once, and closes it. */
async function takeSecret(name: string, title: RegExp): Promise<void> {
  const modal = page.getByRole('dialog', { name: title });
  await modal.getByRole('button', { name: 'Copy', exact: true }).click();
  await modal.getByText('The secret is copied.').waitFor();
  const secret = await page.evaluate<string>('navigator.clipboard.readText()');
  rememberSecret(secret);
  secrets[name] = secret;
  await modal.getByRole('button', { name: 'Done' }).click();
  await modal.waitFor({ state: 'hidden' });
}

const received = (event_type: string) =>
  eventually(
    () => stack.receiver.received({ event_type }),
    (all) => all.some(({ answered }) => answered === 200),
  );

/** As the owner, without the browser. */
const owner: Dashboard = async (...call) => (await dashboardOf(stack, 'owner@acme.example'))(...call);

async function brandOf(wanted: string): Promise<string> {
  const { data } = Listed.parse((await owner('GET', '/brands')).body);
  return String(data.find(({ name }) => name === wanted)?.id);
}

async function connections(): Promise<Record<string, unknown>[]> {
  const { body } = await owner('GET', `/whatsapp/connections?brand_id=${await brandOf('Acme Pizza')}`);
  return z.object({ data: z.array(z.record(z.string(), z.unknown())) }).parse(body).data;
}

/** The list ticks itself. */
async function stepsDone(count: number): Promise<void> {
  await open(page, '/', 'Overview');
  await page.getByText(`(${count} of 5)`).waitFor();
}

test('an organisation without a brand makes its first', async () => {
  await heading(page, 'Create your first brand').waitFor();
  await page.getByLabel('Name of the brand').fill('Acme Pizza');
  await button('Create brand').click();
  await page.getByText('(0 of 5)').waitFor();
  await screenshot(page, 'app-flow-first-steps');
}, 60_000);

test('a number is connected: checked with Meta, its signing secret shown once', async () => {
  const made = await fetch(`${stack.meta_simulator_url}/_accounts`, { method: 'POST', body: '{"is_bare":true}' });
  const account = MetaAccount.parse(await made.json());
  rememberSecret(account.access_token);
  secrets.token = account.access_token;
  await link('Connect').click();
  await page.getByLabel('WhatsApp Business account id').fill(account.waba_id);
  await page.getByLabel('Phone number id').fill(account.phone_number_id);
  await page.getByLabel('Access token').fill(account.access_token);
  await page.getByLabel('Webhook URL').fill(`${stack.tenant_receiver_url}/webhooks/acme`);
  await button('Check').click();
  await page.getByLabel('Live checks').waitFor();
  await screenshot(page, 'app-flow-live-checks');
  await button('Connect').click();
  await takeSecret('signing secret', /^The signing secret/);
  // Onboarding ends with a test event that the endpoint takes: the last step is done with it.
  await received('webhook.test');
  await stepsDone(2);
}, 60_000);

test('the preset for one-time passwords is submitted, and seen approved', async () => {
  await link('Submit the preset').click();
  await heading(page, 'New template').waitFor();
  await page.getByLabel('Name', { exact: true }).fill('acme_otp');
  await button('Next').click();
  await button('Submit to Meta').click();
  const row = page.getByRole('row', { name: /acme_otp/ });
  await row.getByText('Pending').waitFor();
  await stack.control.advance(120);
  await eventually(
    async () => {
      await page.getByRole('button', { name: 'Refresh templates' }).click();
      return row.innerText();
    },
    (text) => text.includes('Approved'),
    30_000,
  );
  await stepsDone(3);
}, 90_000);

test('a key is minted, its secret shown once', async () => {
  await link('Mint a key').click();
  await page.getByLabel('Name', { exact: true }).fill('Sign-up');
  await button('Create key with 1 scope').click();
  await takeSecret('key', /^The secret of/);
  expect(secrets.key).toMatch(/^qxs_/);
  await stepsDone(4);
}, 60_000);

/** The overview's own curl: it is shown until the list is done. */
let command = '';

/** @returns what it printed */
function sendByCurl(): unknown {
  // Not every machine that runs the tests has uuidgen; every developer's has.
  const uuidgen = 'command -v uuidgen >/dev/null || uuidgen() { cat /proc/sys/kernel/random/uuid; }';
  const env = { ...process.env, QUIXESS_API_KEY: secrets.key };
  const { stdout } = spawnSync('bash', ['-c', `${uuidgen}\n${command}`], { env, encoding: 'utf8' });
  return JSON.parse(stdout);
}

test("the overview's own curl sends a one-time password with it, and the list is done", async () => {
  command = await page.getByLabel('curl command', { exact: true }).innerText();
  expect(sendByCurl()).toMatchObject({ status: 'accepted', to: '15550109999' });
  await received('message.delivered');
  await open(page, '/', 'Overview');
  await page.getByText('You are set up').waitFor();
  await screenshot(page, 'app-flow-set-up');
}, 60_000);

test('a dead token is replaced: number, webhook and signing secret stay', async () => {
  const tokens = (method: string, body: object) =>
    fetch(`${stack.meta_simulator_url}/_tokens`, { method, body: JSON.stringify(body) });
  await tokens('DELETE', { access_token: secrets.token });
  sendByCurl();
  await eventually(connections, (all) => JSON.stringify(all).includes('"dead"'));
  // Once all steps are done the overview looks once a minute.
  await page.reload();
  await link('To the connection').click();
  await page.getByText('Dead', { exact: true }).waitFor();

  const [connection] = z.array(z.object({ waba_id: z.string() })).parse(await connections());
  const made = await tokens('POST', { waba_id: connection?.waba_id });
  const { access_token } = z.object({ access_token: z.string() }).parse(await made.json());
  rememberSecret(access_token);
  secrets['next token'] = access_token;
  const before = await connections();
  await button('New token').click();
  const dialog = page.getByRole('dialog', { name: /^A new token for/ });
  await dialog.getByLabel('Access token').fill(access_token);
  await screenshot(page, 'app-flow-new-token');
  const answered = page.waitForResponse((response) => response.request().method() === 'POST');
  await dialog.getByRole('button', { name: 'Replace the token' }).click();
  // The signing secret is shown where it is new, and nowhere else.
  expect(await (await answered).json()).toMatchObject({ secret: null, token: { state: 'valid' } });
  await dialog.waitFor({ state: 'hidden' });
  await page.getByText('Valid', { exact: true }).waitFor();
  const kept = ({ id, status, webhook_url, event_types }: Record<string, unknown>) =>
    JSON.stringify([id, status, webhook_url, event_types]);
  expect((await connections()).map(kept)).toEqual(before.map(kept));
}, 60_000);

test('Create pressed again after a lost answer: one key, and what to do for its secret', async () => {
  const asked: (string | undefined)[] = [];
  await page.route('**/v1/api-keys', async (route) => {
    if (route.request().method() !== 'POST') return route.continue();
    if (asked.push(route.request().headers()['idempotency-key']) > 1) return route.continue();
    const answer = z.object({ secret: z.string() }).parse(await (await route.fetch()).json());
    rememberSecret(answer.secret);
    return route.abort();
  });
  await open(page, '/settings/api-keys?new=1', 'API keys');
  await page.getByLabel('Name', { exact: true }).fill('Lost');
  // An end counts from when the form was opened: else the second would be another request.
  await page.getByRole('button', { name: /^Ends/ }).click();
  await page.getByRole('option', { name: 'In 90 days' }).click();
  await button('Create key with 1 scope').click();
  await page.getByText('The API could not be reached').waitFor();
  await button('Create key with 1 scope').click();
  const lost = page.getByRole('dialog', { name: 'The secret of Lost was lost on its way' });
  await lost.waitFor();
  await screenshot(page, 'app-flow-lost-secret');
  expect(asked).toEqual([asked[0], asked[0]]);
  const { data } = Listed.parse((await owner('GET', `/api-keys?brand_id=${await brandOf('Acme Pizza')}`)).body);
  expect(data.filter(({ name }) => name === 'Lost')).toHaveLength(1);
  await lost.getByRole('button', { name: 'Roll the key' }).click();
  await button('Roll the key').click();
  await takeSecret('rolled key', /^The secret of Lost/);
  await page.unroute('**/v1/api-keys');
}, 60_000);

test('a form stays with its brand while another tab picks another', async () => {
  await owner('POST', '/brands', { name: 'Acme Sushi' });
  await page.reload();
  await page.getByRole('button', { name: /^Brand: / }).click();
  await page.getByRole('menuitem', { name: /^Acme Pizza/ }).click();
  await open(page, '/whatsapp/templates/new?kind=otp', 'New template');
  const [pizza, sushi] = [await brandOf('Acme Pizza'), await brandOf('Acme Sushi')];
  await page.evaluate(`localStorage.setItem('quixess.brand', '${sushi}')`);
  await page.getByLabel('Name', { exact: true }).fill('pizza_otp');
  await button('Next').click();
  const submitted = page.waitForRequest((request) => request.method() === 'POST');
  await button('Submit to Meta').click();
  expect((await submitted).postDataJSON()).toMatchObject({ brand_id: pizza, name: 'pizza_otp' });
  await page.getByRole('row', { name: /pizza_otp/ }).waitFor();
  // Loaded anew, the tab is about the same brand.
  await page.reload();
  await page.getByRole('button', { name: 'Brand: Acme Pizza' }).waitFor();
}, 60_000);

test('an address names any brand, the last of many pages too; one that there is not is said so', async () => {
  const ids = { pizza: await brandOf('Acme Pizza'), sushi: await brandOf('Acme Sushi') };
  // As if a page held one brand.
  await page.route('**/v1/brands?*', (route) =>
    route.continue({ url: route.request().url().replace('limit=100', 'limit=1') }),
  );
  for (const [id, name] of [
    [ids.sushi, 'Acme Sushi'],
    [ids.pizza, 'Acme Pizza'],
  ]) {
    await page.goto(`/app/?brand=${id}`);
    await page.getByRole('button', { name: `Brand: ${name}` }).waitFor();
  }
  await page.unroute('**/v1/brands?*');
  await page.goto('/app/whatsapp/templates?brand=brd_unknown');
  await page.getByText('There is no such brand').waitFor();
  await button('Choose a brand').waitFor();
  await link('To the overview').click();
  await page.getByRole('button', { name: 'Brand: Acme Pizza' }).waitFor();
}, 60_000);

test('tokens, signing secret and keys are in no address, storage, cache, page or console', async () => {
  expect(Object.keys(secrets)).toEqual(['token', 'signing secret', 'key', 'next token', 'rolled key']);
  for (const [address, title] of [
    ['/whatsapp/connection', 'Connection'],
    ['/settings/api-keys', 'API keys'],
    ['/settings/audit-log', 'Audit log'],
  ] as const) {
    await open(page, address, title);
    const kept = await keptBy(page);
    // What is looked through is there: a cache with what the page shows.
    expect(kept).toContain('/whatsapp/connections');
    for (const [name, secret] of Object.entries(secrets))
      expect([address, name, kept.includes(secret)]).toEqual([address, name, false]);
  }
  const printed = said.join('\n');
  for (const [name, secret] of Object.entries(secrets)) expect([name, printed.includes(secret)]).toEqual([name, false]);
}, 60_000);
