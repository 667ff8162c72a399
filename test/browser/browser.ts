import { type Browser, type BrowserContext, type BrowserContextOptions, chromium, type Page } from 'playwright-core';

const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Debian's Chromium. */
export function launchBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: process.env.CHROMIUM_PATH ?? '/usr/bin/chromium', args: flags });
}

export const phone = { width: 360, height: 740 };
export const desktop = { width: 1280, height: 800 };

/** A page, and everything it complained about: errors, warnings, violations of the content security policy. */
export interface WatchedPage {
  page: Page;
  context: BrowserContext;
  complaints: string[];
}

export async function openPage(browser: Browser, baseURL: string, options: BrowserContextOptions = {}): Promise<WatchedPage> {
  const context = await browser.newContext({
    baseURL,
    viewport: desktop,
    permissions: ['clipboard-read', 'clipboard-write'],
    ...options,
  });
  context.setDefaultTimeout(20_000);
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(`error: ${error.message}`));
  page.on('console', (message) => {
    if ((message.type() === 'error' || message.type() === 'warning') && !isExpected(message.text()))
      complaints.push(message.text());
  });
  await page.addInitScript(tellViolations);
  return { page, context, complaints };
}

// What runs in the page is text: the project's types are Node's, not the browser's.
const tellViolations = `document.addEventListener('securitypolicyviolation', (event) =>
  console.error('policy ' + event.violatedDirective + ' forbids ' + event.blockedURI + ' of ' + event.sourceFile))`;

/**
 * Chromium reports each 4xx answer as an error, also where the page asked for one. And it cuts its connections whenever a network of the
 * machine changes, as Docker does with each container: the console asks again.
 */
function isExpected(text: string): boolean {
  return /status of 4\d\d|net::ERR_NETWORK_CHANGED/.test(text);
}

/** Opens a path, again when a changed network cut it. */
export async function visit(page: Page, path: string): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    try {
      await page.goto(path);
      return;
    } catch (error) {
      if (tries === 5 || !String(error).includes('ERR_NETWORK_CHANGED')) throw error;
    }
  }
}

/** How far the page can be scrolled sideways, in CSS pixels. */
export function sidewaysScroll(page: Page): Promise<number> {
  return page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth');
}

export function readClipboard(page: Page): Promise<string> {
  return page.evaluate('navigator.clipboard.readText()');
}

/** What has the focus, as `H1 Hello`. */
export function focused(page: Page): Promise<string> {
  return page.evaluate(`document.activeElement.tagName + ' ' + document.activeElement.textContent`);
}
