import type { Browser, Page } from 'playwright-core';
import { launchBrowser, openPage, readClipboard, visit, type WatchedPage } from './browser';
import { freshPlatform, password } from './console-platform';
import { runShell } from './run-snippet';

const email = 'ana@example.com';

/** One person's way through the console of a new installation; each step goes on where the one before ended. */
describe('from a new installation to an app in use', () => {
  let platform: Awaited<ReturnType<typeof freshPlatform>>;
  let browser: Browser;
  let watched: WatchedPage;
  let page: Page;

  beforeAll(async () => {
    platform = await freshPlatform();
    browser = await launchBrowser();
    watched = await openPage(browser, platform.origin);
    page = watched.page;
  }, 600_000);

  afterAll(async () => {
    await browser?.close();
    await platform?.stop();
  }, 180_000);

  const heading = (name: string | RegExp) => page.getByRole('heading', { level: 1, name });
  const clipboard = () => readClipboard(page);

  /** A test of which all later ones need the outcome: after a failed one they fail at once, instead of waiting for what cannot come. */
  let failed = false;
  const step = (name: string, act: () => Promise<void>, timeout = 30_000) =>
    it(
      name,
      async () => {
        if (failed) throw new Error('A step before this one failed.');
        failed = true;
        await act();
        failed = false;
      },
      timeout,
    );

  step(
    'sets up with the link that the start prints, and leaves no token in the address',
    async () => {
      await visit(page, `/#setup=${platform.setupToken}`);
      await heading('Set up Berth').waitFor();
      expect(page.url()).toBe(`${platform.origin}/setup`);
      expect(await page.getByLabel('Setup token').inputValue()).toBe(platform.setupToken);
      await page.getByLabel('Your name').fill('Ana Pereira');
      await page.getByLabel('Mail address').fill(email);
      await page.getByLabel('Password', { exact: true }).fill('1234567890');
      await page.getByRole('button', { name: 'Make the operator account' }).click();
      await page.getByRole('alert').filter({ hasText: 'too weak' }).waitFor();
      await page.getByLabel('Password', { exact: true }).fill(password);
      await page.getByRole('button', { name: 'Make the operator account' }).click();
      await page.getByRole('heading', { name: 'Create your first app' }).waitFor();
      expect(await page.title()).toBe('Apps · Berth');
    },
    60_000,
  );

  step(
    'creates an app and shows each step with its time',
    async () => {
      await page.getByRole('link', { name: 'Create app' }).click();
      await page.getByRole('textbox', { name: 'Name', exact: true }).fill('Hello');
      await page.getByRole('button', { name: 'Create app' }).click();
      await heading(/^Hello is live in \d+(\.\d)? (ms|s)$/).waitFor({ timeout: 120_000 });
      const steps = page.getByRole('listitem');
      expect(await steps.count()).toBe(7);
      for (const step of await steps.all()) expect(await step.textContent()).toMatch(/^Done: .+\d (ms|s)$/);
      await page.getByRole('link', { name: 'Open app' }).click();
      await heading('Hello').waitFor();
      await page.getByText('Running').waitFor();
    },
    150_000,
  );

  step('hides keys until asked, shows one, and copies', async () => {
    await page.getByRole('link', { name: 'Keys' }).click();
    const row = page.getByRole('button', { name: 'Show master key' });
    await row.waitFor();
    const before = await page.getByRole('main').textContent();
    await row.click();
    await page.getByRole('button', { name: 'Hide master key' }).waitFor();
    await page.getByRole('button', { name: 'Copy master key' }).click();
    const key = await clipboard();
    expect(key.length).toBeGreaterThanOrEqual(20);
    expect(before).not.toContain(key);
    expect(await page.getByRole('main').textContent()).toContain(key);
  });

  step(
    'gives a curl snippet that works as it is copied',
    async () => {
      await page.getByRole('link', { name: 'Connect' }).click();
      await page.getByRole('tab', { name: 'curl' }).waitFor();
      await page.getByRole('button', { name: 'Copy curl example' }).click();
      const stdout = await runShell(await clipboard());
      expect(stdout).toContain('"objectId"');
      expect(stdout).toContain('Hello from curl');
    },
    30_000,
  );

  step(
    'rotates a key and keeps the old one for the chosen time',
    async () => {
      await page.getByRole('link', { name: 'Keys' }).click();
      await page.getByRole('button', { name: 'Copy REST key' }).click();
      const old = await clipboard();
      await page.getByRole('button', { name: 'Rotate REST key' }).click();
      await page.getByRole('combobox', { name: 'How long the old key stays valid' }).click();
      await page.getByRole('option', { name: '7 days' }).click();
      await page.getByRole('button', { name: 'Rotate key' }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByText('The new key is in force.').waitFor({ timeout: 60_000 });
      await dialog.getByRole('button', { name: 'Copy REST key' }).click();
      expect(await clipboard()).not.toBe(old);
      await dialog.getByRole('button', { name: 'Done' }).click();
      await page.getByText('The old one works until').waitFor();
    },
    90_000,
  );

  step(
    'renames: the name, then the address, which the old one leads to',
    async () => {
      await page.getByRole('link', { name: 'Settings' }).click();
      await page.getByRole('textbox', { name: 'Name', exact: true }).fill('Hello again');
      await page.getByRole('button', { name: 'Rename' }).click();
      await heading('Hello again').waitFor();
      await page.getByRole('textbox', { name: 'Address name' }).fill('hello-again');
      await page.getByRole('button', { name: 'Change address' }).click();
      await page.waitForURL('**/apps/hello-again/settings');
      await visit(page, '/apps/hello/keys');
      await page.waitForURL('**/apps/hello-again/keys');
      await heading('Hello again').waitFor();
    },
    60_000,
  );

  step(
    'deletes into the trash only after the address name is typed',
    async () => {
      await page.getByRole('link', { name: 'Settings' }).click();
      await page.getByRole('button', { name: 'Delete app' }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByRole('textbox').fill('hello');
      expect(await dialog.getByRole('button', { name: 'Move to the trash' }).isDisabled()).toBe(true);
      await dialog.getByRole('textbox').fill('hello-again');
      await dialog.getByRole('button', { name: 'Move to the trash' }).click();
      await page.getByText('Hello again is in the trash.').waitFor();
      await page.getByRole('heading', { name: 'Create your first app' }).waitFor();
    },
    60_000,
  );

  step(
    'restores from the trash, data and all',
    async () => {
      await page.getByRole('link', { name: 'Trash' }).click();
      await page.getByRole('button', { name: 'Restore Hello again' }).click({ timeout: 60_000 });
      await heading('Hello again').waitFor();
      await page.getByText('Running').waitFor({ timeout: 60_000 });
      await page.getByRole('button', { name: 'Copy curl example' }).click();
      const reading = (await clipboard()).split('\n\n')[1] ?? '';
      const stdout = await runShell(reading);
      expect(stdout).toContain('Hello from curl');
    },
    150_000,
  );

  step(
    'signs out, refuses a wrong password, and signs in to where one was going',
    async () => {
      await page.getByRole('button', { name: 'Account menu' }).click();
      await page.getByRole('menuitem', { name: 'Sign out' }).click();
      await heading('Sign in').waitFor();
      await visit(page, '/apps/hello-again/keys');
      await heading('Sign in').waitFor();
      await page.getByLabel('Mail address').fill(email);
      await page.getByLabel('Password', { exact: true }).fill('not this one at all');
      await page.getByRole('button', { name: 'Sign in' }).click();
      await page.getByRole('alert').filter({ hasText: 'wrong' }).waitFor();
      await page.getByLabel('Password', { exact: true }).fill(password);
      await page.getByRole('button', { name: 'Sign in' }).click();
      await page.waitForURL('**/apps/hello-again/keys');
      await page.getByRole('button', { name: 'Show master key' }).waitFor();
    },
    60_000,
  );

  step(
    'purges from the trash for good',
    async () => {
      await page.getByRole('link', { name: 'Settings' }).click();
      await page.getByRole('button', { name: 'Delete app' }).click();
      await page.getByRole('dialog').getByRole('textbox').fill('hello-again');
      await page.getByRole('button', { name: 'Move to the trash' }).click();
      await page.getByText('Hello again is in the trash.').waitFor();
      await page.getByRole('link', { name: 'Trash' }).click();
      const purge = page.getByRole('button', { name: 'Delete for good: Hello again' });
      await purge.click();
      await page.getByRole('dialog').getByRole('textbox').fill('hello-again');
      await page.getByRole('dialog').getByRole('button', { name: 'Delete for good' }).click();
      await page.getByRole('heading', { name: 'The trash is empty' }).waitFor({ timeout: 120_000 });
    },
    180_000,
  );

  it('never complained: no error, no warning, nothing the content security policy forbids', () => {
    expect(watched.complaints).toEqual([]);
  });
});
