import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { launchBrowser, openPage, readClipboard, visit } from './browser';
import { makeAccount, makeApp, password, sharedPlatform } from './console-platform';
import { runNode, runShell } from './run-snippet';

const email = `snippets-${Date.now()}@example.com`;

describe('snippets of an app, as they are copied', () => {
  let platform: Awaited<ReturnType<typeof sharedPlatform>>;
  let browser: Browser;
  let page: Page;
  const folder = mkdtempSync(join(tmpdir(), 'berth-snippets-'));

  beforeAll(async () => {
    symlinkSync(join(__dirname, '../../node_modules'), join(folder, 'node_modules'));
    platform = await sharedPlatform();
    browser = await launchBrowser();
    const { slug } = await makeApp(platform, await makeAccount(platform, email), 'Snippets');
    page = (await openPage(browser, platform.origin)).page;
    await visit(page, `/apps/${slug}/connect`);
    await page.getByLabel('Mail address').fill(email);
    await page.getByLabel('Password', { exact: true }).fill(password);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('tab', { name: 'curl' }).waitFor();
  }, 900_000);

  afterAll(async () => {
    await browser?.close();
    await platform?.stop();
    rmSync(folder, { recursive: true, force: true });
  }, 180_000);

  const copied = async (title: string) => {
    await page.getByRole('tab', { name: title, exact: true }).click();
    await page.getByRole('button', { name: `Copy ${title} example` }).click();
    return readClipboard(page);
  };

  it('curl stores an object and reads it', async () => {
    const answer = await runShell(await copied('curl'));
    expect(answer).toContain('"objectId"');
    expect(answer).toContain('"text":"Hello from curl"');
  }, 30_000);

  it('JavaScript does so with the official SDK', async () => {
    writeFileSync(join(folder, 'snippet.mjs'), await copied('JavaScript'));
    expect(await runNode(folder, 'snippet.mjs')).toContain('Hello from JavaScript');
  }, 30_000);

  it('LiveQuery hears of a new object', async () => {
    const writing = await copied('curl');
    writeFileSync(join(folder, 'live.mjs'), await copied('LiveQuery'));
    const listener = spawn(process.execPath, ['live.mjs'], { cwd: folder });
    let heard = '';
    for (const stream of [listener.stdout, listener.stderr]) stream.on('data', (chunk) => (heard += String(chunk)));
    try {
      // Nothing says when the subscription holds: notes are written until one is heard of.
      for (let tries = 0; tries < 40 && !heard.includes('new: Hello from curl'); tries += 1) await runShell(writing);
      expect(heard).toContain('new: Hello from curl');
    } finally {
      listener.kill();
    }
  }, 60_000);

  it('GraphQL answers', async () => {
    expect(JSON.parse(await runShell(await copied('GraphQL')))).toEqual({ data: { users: { count: 0 } } });
  }, 30_000);
});
