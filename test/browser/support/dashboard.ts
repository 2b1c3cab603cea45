import type { Page } from 'playwright-core';

/** Through the sign-in page of the identity provider, which lists the people. */
export async function signIn(page: Page, dashboardUrl: string, email: string): Promise<void> {
  await page.goto(dashboardUrl);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByText(email).first().click();
  await page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor();
}
