import type { Page } from 'playwright-core';

/** Through the sign-in page of the identity provider, which lists the people. */
export async function signIn(page: Page, dashboardUrl: string, email: string): Promise<void> {
  await page.goto(dashboardUrl);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByText(email).first().click();
  await page.getByRole('navigation', { name: 'Pages' }).waitFor({ state: 'attached' });
}

export const heading = (page: Page, name: string) =>
  page.getByRole('heading', { level: 1, name, exact: true, includeHidden: true });

/** Goes to a page as a link of ours does, the app not loaded anew, and waits for what it shows. */
export async function open(page: Page, address: string, title: string): Promise<void> {
  await page.evaluate(`history.pushState({}, '', ${JSON.stringify(`/app${address}`)})`);
  await heading(page, title).waitFor({ state: 'attached' });
  await loaded(page);
}

/** Until nothing says any more that it loads, twice in a row: what comes may itself have something to ask for. */
export async function loaded(page: Page): Promise<void> {
  for (let quiet = 0; quiet < 2; ) {
    const isLoading = await page.evaluate<boolean>(LOADS);
    quiet = isLoading ? 0 : quiet + 1;
    await page.evaluate('new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))');
  }
}

const LOADS = `(() => {
  if (document.querySelector('.chart-place, [role=status][aria-label=Loading]')) return true;
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode())
    // A word for screen readers stays for a while, in a box of one pixel.
    if (/^(Loading|Counting) /.test(texts.currentNode.data) && texts.currentNode.parentElement.offsetWidth > 1) return true;
  return false;
})()`;

/** All that the page keeps: address, storages, cookies, what it shows, and the caches of its queries and changes. */
export const keptBy = (page: Page): Promise<string> => page.evaluate<string>(KEPT);

/** The client of the queries is found as React's own tools find it: a property of a component above all others. */
const KEPT = `(async () => {
  const root = [...document.querySelectorAll('*')].find((one) => Object.keys(one).some((key) => key.startsWith('__reactContainer$')));
  const fibers = [root[Object.keys(root).find((key) => key.startsWith('__reactContainer$'))]];
  let client;
  while (!client && fibers.length > 0) {
    const { memoizedProps, child, sibling } = fibers.pop();
    client = memoizedProps?.client?.getQueryCache && memoizedProps.client;
    fibers.push(...[child, sibling].filter(Boolean));
  }
  return JSON.stringify([
    ...[location.href, history.state, { ...localStorage }, { ...sessionStorage }, document.cookie],
    ...[await indexedDB.databases(), await caches.keys(), document.documentElement.outerHTML],
    [...document.querySelectorAll('input, textarea')].map(({ value }) => value),
    client.getQueryCache().getAll().map(({ queryKey, state }) => [queryKey, state]),
    client.getMutationCache().getAll().map(({ state }) => state),
  ]);
})()`;
