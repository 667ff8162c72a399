import type { Browser, Page } from 'playwright-core';
import { focused, launchBrowser, openPage, phone, readClipboard, sidewaysScroll, visit, type WatchedPage } from './browser';
import { makeAccount, makeApp, password, sharedPlatform } from './console-platform';

const email = `pages-${Date.now()}@example.com`;
const longName = 'Recipes for a whole family, with a name of sixty characters!';

describe('pages of the console', () => {
  let platform: Awaited<ReturnType<typeof sharedPlatform>>;
  let browser: Browser;
  let slug: string;

  beforeAll(async () => {
    platform = await sharedPlatform();
    browser = await launchBrowser();
    const token = await makeAccount(platform, email);
    slug = (await makeApp(platform, token, longName)).slug;
  }, 900_000);

  afterAll(async () => {
    await browser?.close();
    await platform?.stop();
  }, 180_000);

  const signedIn = async (options = {}): Promise<WatchedPage> => {
    const watched = await openPage(browser, platform.origin, options);
    await visit(watched.page, '/sign-in');
    await enter(watched.page);
    await watched.page.getByRole('heading', { level: 1, name: 'Apps' }).waitFor();
    return watched;
  };

  const enter = async (page: Page) => {
    await page.getByLabel('Mail address').fill(email);
    await page.getByLabel('Password', { exact: true }).fill(password);
    await page.getByRole('button', { name: 'Sign in' }).click();
  };

  /** Path, and what is there when the page is complete. */
  const insidePages = (): [string, (page: Page) => Promise<void>][] => [
    ['/apps', (page) => page.getByRole('link', { name: longName }).waitFor()],
    ['/apps/new', (page) => page.getByRole('button', { name: 'Create app' }).waitFor()],
    [`/apps/${slug}`, (page) => page.getByRole('region', { name: 'curl example' }).waitFor()],
    [`/apps/${slug}/connect`, (page) => page.getByRole('region', { name: 'curl example' }).waitFor()],
    [`/apps/${slug}/keys`, (page) => page.getByRole('button', { name: 'Show master key' }).waitFor()],
    [`/apps/${slug}/settings`, (page) => page.getByRole('button', { name: 'Delete app' }).waitFor()],
    ['/trash', (page) => page.getByRole('heading', { name: 'The trash is empty' }).waitFor()],
    ['/account', (page) => page.getByRole('button', { name: 'Change password' }).waitFor()],
    ['/account/sessions', (page) => page.getByText('This one').waitFor()],
    ['/account/tokens', (page) => page.getByRole('button', { name: 'New token' }).waitFor()],
    ['/nothing/here', (page) => page.getByRole('heading', { name: 'Nothing is here' }).waitFor()],
  ];

  it.each(['light', 'dark'] as const)(
    'fit a phone without sideways scrolling and complain about nothing, %s',
    async (colorScheme) => {
      const { page, context, complaints } = await signedIn({ viewport: phone, colorScheme });
      for (const [path, isThere] of insidePages()) {
        await visit(page, path);
        await isThere(page);
        expect({ path, sideways: await sidewaysScroll(page) }).toEqual({ path, sideways: 0 });
        expect({ path, scheme: await page.locator('html').getAttribute('data-mantine-color-scheme') }).toEqual({
          path,
          scheme: colorScheme,
        });
      }
      expect(complaints).toEqual([]);
      await context.close();
    },
    120_000,
  );

  it('fit a phone before one is signed in', async () => {
    const { page, context, complaints } = await openPage(browser, platform.origin, { viewport: phone });
    for (const [path, title] of [
      ['/sign-in', 'Sign in'],
      ['/sign-up', 'Create your account'],
    ] as const) {
      await visit(page, path);
      await page.getByRole('heading', { level: 1, name: title }).waitFor();
      expect({ path, sideways: await sidewaysScroll(page) }).toEqual({ path, sideways: 0 });
      expect(await page.title()).toBe(`${title} · Berth`);
    }
    expect(complaints).toEqual([]);
    await context.close();
  }, 60_000);

  it('keep the chosen appearance over a reload, from the first paint on', async () => {
    const { page, context } = await signedIn({ colorScheme: 'light' });
    await visit(page, '/account');
    await page.getByText('Dark', { exact: true }).click();
    await visit(page, '/account');
    await page.locator('html[data-mantine-color-scheme=dark]').waitFor();
    await context.close();
  }, 60_000);

  it('say so while the API is away, and go on by themselves when it is back', async () => {
    const { page, context } = await signedIn();
    await page.getByRole('link', { name: longName }).waitFor();
    await page.route('**/v1/**', (route) => route.abort());
    await page.getByText('Berth does not answer.').waitFor({ timeout: 60_000 });
    expect(await page.getByRole('link', { name: longName }).isVisible()).toBe(true);
    await page.unroute('**/v1/**');
    await page.getByText('Berth does not answer.').waitFor({ state: 'detached', timeout: 60_000 });
    await context.close();
  }, 150_000);

  it('open by themselves when the API was away at the first visit', async () => {
    const { page, context } = await openPage(browser, platform.origin);
    await page.route('**/v1/**', (route) => route.abort());
    await visit(page, '/sign-in');
    await page.getByText('Berth does not answer.').waitFor({ timeout: 60_000 });
    await page.unroute('**/v1/**');
    await page.getByRole('heading', { level: 1, name: 'Sign in' }).waitFor({ timeout: 60_000 });
    await context.close();
  }, 150_000);

  it('ask to sign in again when the session is revoked elsewhere, and go back to where one was', async () => {
    const here = await signedIn();
    await visit(here.page, `/apps/${slug}/settings`);
    await here.page.getByRole('button', { name: 'Delete app' }).waitFor();
    const elsewhere = await signedIn();
    await visit(elsewhere.page, '/account/sessions');
    await elsewhere.page.getByRole('button', { name: 'Sign out all others' }).click();
    await elsewhere.page.getByText('All other sessions are signed out.').waitFor();
    await here.page.getByText('Your session has ended.').waitFor({ timeout: 60_000 });
    await enter(here.page);
    await here.page.waitForURL(`**/apps/${slug}/settings`);
    await here.context.close();
    await elsewhere.context.close();
  }, 150_000);

  it('make an access token that is shown once, works, and is refused when revoked', async () => {
    const { page, context } = await signedIn();
    await visit(page, '/account/tokens');
    await page.getByRole('button', { name: 'New token' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Name').fill('Pipeline');
    await dialog.getByRole('button', { name: 'Make token' }).click();
    await dialog.getByRole('button', { name: 'Copy token' }).click();
    const secret = await readClipboard(page);
    await dialog.getByRole('button', { name: 'Done' }).click();
    const status = async () =>
      (await fetch(`${platform.apiUrl}/v1/apps`, { headers: { Authorization: `Bearer ${secret}` } })).status;
    expect(await status()).toBe(200);
    await visit(page, '/account/tokens');
    await page.getByRole('button', { name: 'Revoke Pipeline' }).click();
    expect(await page.content()).not.toContain(secret);
    await page.getByRole('dialog').getByRole('button', { name: 'Revoke token' }).click();
    await page.getByText('The token Pipeline is revoked.').waitFor();
    expect(await status()).toBe(401);
    await context.close();
  }, 60_000);

  it('refuse a taken address name with the reason beside the form', async () => {
    const { page, context } = await signedIn();
    await visit(page, '/apps/new');
    await page.getByRole('textbox', { name: 'Name', exact: true }).fill('Another');
    await page.getByLabel('Address name').fill(slug);
    await page.getByRole('button', { name: 'Create app' }).click();
    await page.getByRole('alert').filter({ hasText: 'is taken' }).waitFor();
    await page.getByLabel('Address name').fill('No Good');
    await page.getByRole('button', { name: 'Create app' }).click();
    await page.getByText('Use 3 to 40 lower-case letters').waitFor();
    await page.locator('input[name=slug]:focus').waitFor();
    await context.close();
  }, 60_000);

  it('can be walked with the keyboard alone', async () => {
    const { page, context } = await signedIn();
    await visit(page, '/apps');
    await page.getByRole('link', { name: longName }).waitFor();
    await page.keyboard.press('Tab');
    expect(await focused(page)).toBe('A Skip to the content');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    expect(await focused(page)).toBe(`A ${longName}`);
    await page.keyboard.press('Enter');
    await page.waitForURL(`**/apps/${slug}`);
    await page.getByRole('heading', { level: 1, name: longName }).waitFor();
    expect(await focused(page)).toBe(`H1 ${longName}`);
    await context.close();
  }, 60_000);

  it('follow a creation also where the stream of its events is cut', async () => {
    const { page, context } = await signedIn();
    await page.route('**/v1/operations/*/events', (route) => route.abort());
    await visit(page, '/apps/new');
    await page.getByRole('textbox', { name: 'Name', exact: true }).fill('Polled');
    await page.getByRole('button', { name: 'Create app' }).click();
    await page.getByRole('heading', { level: 1, name: /^Polled is live in/ }).waitFor({ timeout: 120_000 });
    await page.reload();
    await page.getByRole('heading', { level: 1, name: /^Polled is live in/ }).waitFor();
    expect(await page.getByRole('listitem').count()).toBe(7);
    await context.close();
  }, 150_000);
});
