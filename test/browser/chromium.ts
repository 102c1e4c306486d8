/** A real browser that talks to nobody: Debian's Chromium, driven by Playwright. The only file that imports it. */
import { existsSync } from 'node:fs';
import { type Browser, chromium, type Page } from 'playwright-core';

export type { Browser };

const executablePath = '/usr/bin/chromium';

/** `apt-get install chromium` brings it. */
export const chromiumPresent = existsSync(executablePath);

/** Root needs no sandbox; the rest would ask the makers' servers for news. */
const args = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export const startChromium = (): Promise<Browser> => chromium.launch({ executablePath, args });

export interface OpenedPage {
  readonly page: Page;
  /** What the page complained of, and what it asked anybody for beyond itself. */
  readonly complaints: readonly string[];
}

export async function openFile(browser: Browser, path: string, dark = false): Promise<OpenedPage> {
  const page = await browser.newPage({ colorScheme: dark ? 'dark' : 'light' });
  const complaints: string[] = [];
  page.on('console', (message) => complaints.push(`console: ${message.text()}`));
  page.on('pageerror', (error) => complaints.push(`error: ${error.message}`));
  page.on('dialog', (dialog) => {
    complaints.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on('request', (request) => {
    if (request.url() !== `file://${path}`) complaints.push(`request: ${request.url()}`);
  });
  await page.goto(`file://${path}`);
  return { page, complaints };
}
