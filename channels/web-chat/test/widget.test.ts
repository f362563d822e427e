import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openBrowser } from '@connectgain/testing/browser.ts';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import type { WidgetConfig } from '../protocol.ts';
import { type BuiltWidget, buildWidget } from '../widget/build.ts';
import { startWidgetServer, type WidgetServer } from './widgetServer.ts';

let browser: Browser;
let built: BuiltWidget;
const outDir = mkdtempSync(join(tmpdir(), 'widget-'));

beforeAll(async () => {
  built = await buildWidget({ outDir });
  browser = await openBrowser();
}, 60_000);

afterAll(async () => {
  await browser?.close();
  rmSync(outDir, { recursive: true, force: true });
});

async function visit(o: { config?: Partial<WidgetConfig>; lang?: 'en' | 'ar'; context?: BrowserContextOptions } = {}) {
  const server = await startWidgetServer(built.file, o.config);
  const context = await browser.newContext({
    viewport: { width: 1000, height: 760 },
    reducedMotion: 'reduce',
    ...o.context,
  });
  onTestFinished(async () => {
    await context.close();
    await server.close();
  });
  const page = await context.newPage();
  const problems: string[] = [];
  page.on('pageerror', (error) => problems.push(error.message));
  await page.goto(`${server.url}/page/${o.lang ?? 'en'}`);
  return { server, context, page, problems };
}

const launcherOf = (page: Page) => page.locator('.launcher');
const input = (page: Page) => page.locator('.composer textarea');
const bubbles = (page: Page) => page.locator('.item .bubble');

async function write(page: Page, text: string): Promise<void> {
  await input(page).fill(text);
  await input(page).press('Enter');
}

async function openChat(page: Page): Promise<void> {
  await launcherOf(page).click();
  await page.locator('.panel').waitFor();
}

/** Waits for the server to have heard of a message that was read. */
async function readBy(server: WidgetServer, id: string): Promise<void> {
  while (server.onlyVisitor().readUpTo !== id) await server.next('/functions/v1/web-chat/read');
}

describe('the chat widget in a real browser', () => {
  test('is a small script', () => {
    expect(built.gzipBytes).toBeLessThan(20_000);
  });

  test('carries a conversation both ways, live, under a strict Content-Security-Policy', async () => {
    const { server, page, problems } = await visit();
    await openChat(page);
    await expect.poll(() => bubbles(page).allInnerTexts()).toEqual(['Hello! How can we help?']);
    await write(page, 'Is it open? <b>x</b> https://a.example/x.');
    await expect.poll(() => server.onlyVisitor().messages.length).toBe(1);
    const answer = server.say(server.onlyVisitor(), { text: 'Until ten.' });
    await expect
      .poll(() => bubbles(page).allInnerTexts())
      .toEqual(['Hello! How can we help?', 'Is it open? <b>x</b> https://a.example/x.', 'Until ten.']);
    expect(await page.locator('.item a').getAttribute('href')).toBe('https://a.example/x');
    await readBy(server, answer.id);
    const mine = server.onlyVisitor().messages[0];
    server.emit(server.onlyVisitor(), { type: 'receipt', message_id: mine?.id ?? '', status: 'read' });
    await page.getByText('Read', { exact: true }).waitFor();
    expect(problems).toEqual([]);
  });

  test('shows typing, edits, deletions, links, places and choices', async () => {
    const { server, page } = await visit();
    await openChat(page);
    await write(page, 'hi');
    await expect.poll(() => server.visitors.size > 0 && server.onlyVisitor().messages.length).toBe(1);
    const visitor = server.onlyVisitor();
    server.emit(visitor, { type: 'typing', name: 'Nour', typing: true });
    await page.getByText('Nour is typing').waitFor();
    const message = server.say(visitor, {
      text: 'Which size?',
      choices: [
        { id: 's', title: 'Small' },
        { id: 'l', title: 'Large', description: '40 cm' },
      ],
    });
    await page.getByText('Nour is typing').waitFor({ state: 'detached' });
    await page.getByRole('button', { name: /Large/ }).click();
    await expect
      .poll(() => visitor.messages.at(-1))
      .toMatchObject({ text: 'Large', reply_to: message.id, from: 'visitor' });
    const edited = server.say(visitor, {
      text: 'Ten euros',
      link: { title: 'Buy', url: 'https://shop.example/l' },
      place: { latitude: 30, longitude: 31, name: 'Our shop' },
    });
    await page.getByRole('link', { name: 'Buy' }).waitFor();
    await page.getByRole('link', { name: 'Our shop' }).waitFor();
    server.say(visitor, { ...edited, text: 'Twelve euros', edited: true });
    await page.getByText('Twelve euros').waitFor();
    server.say(visitor, { ...edited, deleted: true });
    await page.getByText('This message was deleted').waitFor();
    expect(await page.getByText('Twelve euros').count()).toBe(0);
  });

  test('counts what arrives while it is closed, and after a reload', async () => {
    const { server, page } = await visit();
    await openChat(page);
    await write(page, 'hi');
    await expect.poll(() => server.onlyVisitor().messages.length).toBe(1);
    await page.locator('.panel').press('Escape');
    await page.locator('.panel').waitFor({ state: 'hidden' });
    server.say(server.onlyVisitor(), { text: 'one' });
    server.say(server.onlyVisitor(), { text: 'two' });
    await expect.poll(() => page.locator('.badge').textContent()).toBe('2');
    expect(await launcherOf(page).getAttribute('aria-label')).toBe('Open chat: 2 new messages');
    await page.reload();
    await expect.poll(() => page.locator('.badge').textContent()).toBe('2');
    await openChat(page);
    await expect.poll(() => bubbles(page).allInnerTexts()).toEqual(['Hello! How can we help?', 'hi', 'one', 'two']);
    expect(server.visitors.size).toBe(1);
  });

  test('keeps what was written without network and sends it once, also after a reload', async () => {
    const { server, page } = await visit();
    await openChat(page);
    await write(page, 'first');
    await expect.poll(() => server.onlyVisitor().messages.length).toBe(1);
    server.mode = 'down';
    await write(page, 'while away');
    await page.locator('.item.mine').nth(1).waitFor();
    expect(server.onlyVisitor().messages).toHaveLength(1);
    server.mode = 'stream';
    await page.reload();
    await expect
      .poll(() => server.onlyVisitor().messages.map((message) => message.text))
      .toEqual(['first', 'while away']);
    await expect.poll(() => bubbles(page).allInnerTexts()).toEqual(['Hello! How can we help?', 'first', 'while away']);
  });

  test('falls back to long-polling where a proxy swallows the stream', async () => {
    const { server, page } = await visit();
    server.mode = 'poll';
    await openChat(page);
    await write(page, 'hi');
    await expect.poll(() => server.onlyVisitor().messages.length).toBe(1);
    server.say(server.onlyVisitor(), { text: 'by poll' });
    await page.getByText('by poll').waitFor();
  });

  test('tells why a message was refused and lets the visitor try again', async () => {
    const { server, page } = await visit();
    await openChat(page);
    server.refuse = { status: 400, code: 'MESSAGE_INVALID', message: 'Links are not allowed here.' };
    await write(page, 'spam');
    await page.getByText('Not sent: Links are not allowed here.').waitFor();
    server.refuse = undefined;
    await page.getByRole('button', { name: 'Try again' }).click();
    await expect.poll(() => server.onlyVisitor().messages.map((message) => message.text)).toEqual(['spam']);
  });

  test('becomes a new visitor when its token is no longer known', async () => {
    const { server, page } = await visit();
    await openChat(page);
    await expect.poll(() => server.requests).toContain('GET /functions/v1/web-chat/messages');
    server.visitors.clear();
    await write(page, 'still here');
    await expect
      .poll(() => server.visitors.size > 0 && server.onlyVisitor().messages.map((message) => message.text))
      .toEqual(['still here']);
  });

  test('is not shown on a site that may not use it', async () => {
    const server = await startWidgetServer(built.file);
    server.refuse = { status: 403, code: 'ORIGIN_NOT_ALLOWED', message: 'This site may not show the widget.' };
    const page = await browser.newPage();
    onTestFinished(async () => {
      await page.close();
      await server.close();
    });
    const asked = server.next('/functions/v1/web-chat/sessions');
    await page.goto(`${server.url}/page/en`);
    await asked;
    expect(await page.locator('connectgain-chat').count()).toBe(0);
  });

  test('asks the pre-chat form first and says what is wrong beside the field', async () => {
    const form: WidgetConfig['form'] = [
      { name: 'name', label: 'Name', type: 'text', required: true },
      { name: 'email', label: 'E-mail', type: 'email', required: true },
      { name: 'topic', label: 'Topic', type: 'select', required: false, options: ['Order', 'Other'] },
    ];
    const { server, page } = await visit({ config: { form } });
    await openChat(page);
    await page.getByRole('button', { name: 'Start chat' }).click();
    expect(await page.locator('.error').allInnerTexts()).toEqual(expect.arrayContaining(['Please fill this in']));
    await page.getByLabel('Name').fill('Mona');
    await page.getByLabel('E-mail').fill('nope');
    await page.getByRole('button', { name: 'Start chat' }).click();
    await page.getByText('This is not an e-mail address').waitFor();
    await page.getByLabel('E-mail').fill('mona@example.com');
    await page.getByLabel('Topic').selectOption('Order');
    await page.getByRole('button', { name: 'Start chat' }).click();
    await input(page).waitFor();
    expect(server.onlyVisitor()).toMatchObject({
      identity: { name: 'Mona', email: 'mona@example.com' },
      fields: { topic: 'Order' },
    });
  });

  test('asks for an e-mail address while nobody is there', async () => {
    const availability = { online: false, message: 'We are back at nine.', ask_email: true };
    const { server, page } = await visit({ config: { availability } });
    await openChat(page);
    await page.getByText('We are back at nine.').waitFor();
    await page.getByLabel('Your e-mail address').fill('mona@example.com');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Thank you').waitFor();
    expect(server.onlyVisitor().identity.email).toBe('mona@example.com');
  });

  test('sends files, and refuses what is too large or of another type', async () => {
    const { server, page } = await visit();
    await openChat(page);
    const picker = page.locator('input[type=file]');
    await picker.setInputFiles({ name: 'huge.pdf', mimeType: 'application/pdf', buffer: Buffer.alloc(1_000_001) });
    await page.getByText('huge.pdf: The file is larger than 1 MB').waitFor();
    await page.getByRole('button', { name: 'Remove huge.pdf' }).click();
    await picker.setInputFiles({ name: 'run.exe', mimeType: 'application/x-msdownload', buffer: Buffer.alloc(10) });
    await page.getByText('run.exe: Files of this type').waitFor();
    await page.getByRole('button', { name: 'Remove run.exe' }).click();
    await picker.setInputFiles({
      name: 'صورة.png',
      mimeType: 'image/png',
      buffer: Buffer.from('89504e470d0a1a0a', 'hex'),
    });
    await page.getByRole('button', { name: 'Send' }).click();
    await expect
      .poll(() => server.visitors.size > 0 && server.onlyVisitor().messages)
      .toMatchObject([{ attachments: [{ kind: 'image', mime_type: 'image/png' }] }]);
    await page.locator('.item.mine img').waitFor({ state: 'attached' });
  });

  test('speaks Arabic from right to left', async () => {
    const { page } = await visit({ lang: 'ar', config: { title: 'متجر الصبار', welcome: 'أهلًا! كيف نساعدك؟' } });
    await openChat(page);
    await write(page, 'مرحبا Hello');
    expect(await page.locator('.root').getAttribute('dir')).toBe('rtl');
    const box = await launcherOf(page).boundingBox();
    expect(box?.x).toBeLessThan(100);
    expect(await input(page).getAttribute('placeholder')).toBe('اكتب رسالة');
    await page.getByText('أُرسلت').waitFor({ state: 'attached' });
  });

  test('fills a small screen and follows a dark system', async () => {
    const { page } = await visit({ context: { viewport: { width: 390, height: 780 }, colorScheme: 'dark' } });
    await openChat(page);
    const box = await page.locator('.panel').boundingBox();
    expect(box).toMatchObject({ x: 0, y: 0, width: 390, height: 780 });
    const surface =
      "getComputedStyle(document.querySelector('connectgain-chat').shadowRoot.querySelector('.panel')).backgroundColor";
    expect(await page.evaluate(surface)).toBe('rgb(28, 28, 34)');
    await page.getByRole('button', { name: 'Close chat' }).click();
    await launcherOf(page).waitFor();
  });

  test('gives the page a small handle and leaves no trace when it is removed', async () => {
    const { page } = await visit();
    await launcherOf(page).waitFor();
    await page.evaluate('ConnectGainChat.open()');
    await page.locator('.panel').waitFor();
    await page.evaluate('ConnectGainChat.remove()');
    expect(await page.locator('connectgain-chat').count()).toBe(0);
    expect(await page.evaluate('typeof ConnectGainChat')).toBe('undefined');
  });
});
