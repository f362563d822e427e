import chromium from '@sparticuz/chromium';
import { type Browser, type BrowserContext, type Page, chromium as playwright } from 'playwright-core';

/** A real Chromium out of the npm registry, without a window. Works as root and without system libraries of its own. */
export async function openBrowser(): Promise<Browser> {
  return await playwright.launch({
    executablePath: await chromium.executablePath(),
    args: ['--no-sandbox', '--disable-gpu'],
  });
}

export interface Visit {
  context: BrowserContext;
  page: Page;
  /** Errors of the page's own script and console, which a journey must not leave behind. */
  errors: string[];
}

/** A fresh person at a fresh browser. */
export async function visit(
  browser: Browser,
  o: { locale?: string; dark?: boolean; viewport?: { width: number; height: number } } = {},
): Promise<Visit> {
  const context = await browser.newContext({
    locale: o.locale ?? 'en-US',
    colorScheme: o.dark ? 'dark' : 'light',
    viewport: o.viewport ?? { width: 1440, height: 900 },
    timezoneId: 'Africa/Cairo',
  });
  context.setDefaultTimeout(15_000);
  const page = await context.newPage();
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text());
  });
  return { context, page, errors };
}
