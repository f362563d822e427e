import { existsSync } from 'node:fs';
import { createWhatsappWorld, type WhatsappWorld } from '@connectgain/features/messaging/test/whatsappWorld.ts';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openBrowser, visit } from '../browser.ts';

let world: WhatsappWorld;
let browser: Browser;

beforeAll(async () => {
  if (!existsSync(new URL('../../apps/web/dist/index.html', import.meta.url))) {
    throw new Error('The web app is not built: run `npm test`, or `npm run build -w apps/web`.');
  }
  world = await createWhatsappWorld();
  browser = await openBrowser();
}, 60_000);
afterAll(async () => {
  await browser?.close();
  await world?.close();
});

async function logIn(page: Page, email: string, password: string): Promise<void> {
  await page.goto(`${world.server.url}/login`);
  await page.locator('input[type=email]').fill(email);
  await page.locator('input[type=password]').fill(password);
  await page.locator('button[type=submit]').click();
  await page.waitForURL(/\/inbox/);
}

const row = (page: Page, text: string) => page.getByTestId('conversation-row').filter({ hasText: text });
const message = (page: Page, text: string) => page.getByTestId('message').filter({ hasText: text });
const tick = (page: Page, text: string, status: string) => message(page, text).locator(`[data-status="${status}"]`);

describe('a working day', () => {
  it('signs up into an empty workspace that says what to do', async () => {
    const { page, context, errors } = await visit(browser);
    await page.goto(`${world.server.url}/signup`);
    await page.locator('input[name=firstName]').fill('Amira');
    await page.locator('input[name=lastName]').fill('Saleh');
    await page.locator('input[name=organization]').fill('Nile Books');
    await page.locator('input[type=email]').fill('amira@nilebooks.example');
    await page.locator('input[type=password]').fill('a long enough password');
    await page.locator('button[type=submit]').click();
    await page.waitForURL(/\/inbox/);
    await page.getByText('Nile Books').first().waitFor();
    await expect.poll(() => page.getByTestId('conversation-row').count()).toBe(0);
    expect(errors).toEqual([]);
    await context.close();
  });

  it('brings a message in without a reload, sends the answer, shows the ticks up to read, and a colleague sees it live', async () => {
    const { owner, server, meta } = world;
    const agent = await server.client().auth.signUp({ email: 'second@acme.example', password: 'another password' });
    await server.database.owner.query(
      `with moved as (update public.profiles set organization_id = $2 where id = $1)
       insert into public.user_roles (user_id, organization_id, role) values ($1, $2, 'AGENT')`,
      [agent.data.user?.id, owner.organizationId],
    );
    const first = await visit(browser);
    const second = await visit(browser);
    await logIn(first.page, owner.email, owner.password);
    await logIn(second.page, 'second@acme.example', 'another password');
    await first.page.locator('[data-testid=connection][data-state=live]').first().waitFor({ state: 'attached' });

    const mona = meta.customer({ waId: '201012345678', name: 'Mona Adel' });
    await mona.sendText('Is my order on its way? أين طلبي؟');
    await row(first.page, 'Mona Adel').waitFor();
    await row(second.page, 'Mona Adel').waitFor();

    await row(first.page, 'Mona Adel').click();
    await message(first.page, 'Is my order on its way?').waitFor();
    const composer = first.page.getByTestId('composer-field');
    await composer.fill('Yes, it arrives on Thursday.');
    await first.page.getByTestId('send').click();
    await tick(first.page, 'Thursday', 'SENT').waitFor();
    await expect.poll(() => mona.received().length).toBe(1);
    await meta.settle();
    await tick(first.page, 'Thursday', 'DELIVERED').waitFor();
    await mona.read();
    await tick(first.page, 'Thursday', 'READ').waitFor();

    await row(second.page, 'Mona Adel').click();
    await tick(second.page, 'Thursday', 'READ').waitFor();
    await mona.sendText('Thank you');
    await message(first.page, 'Thank you').waitFor();
    await message(second.page, 'Thank you').waitFor();
    expect([...first.errors, ...second.errors]).toEqual([]);
    await first.context.close();
    await second.context.close();
  }, 60_000);

  it('keeps what was not sent: a draft survives a reload, a failed message says why and is sent again', async () => {
    const { owner, meta } = world;
    const { page, context } = await visit(browser);
    await logIn(page, owner.email, owner.password);
    const omar = meta.customer({ waId: '201012340000', name: 'Omar Nabil' });
    await omar.sendText('Hello');
    await row(page, 'Omar Nabil').click();
    const composer = page.getByTestId('composer-field');
    await composer.fill('Half a sentence');
    await expect
      .poll(async () => (await owner.client.from('conversation_drafts').select('content')).data?.[0]?.content, {
        timeout: 10_000,
      })
      .toBe('Half a sentence');
    await page.reload();
    await expect
      .poll(() => page.getByTestId('composer-field').inputValue(), { timeout: 10_000 })
      .toBe('Half a sentence');

    meta.faults.next('messages', { kind: 'graph', code: 131_026 });
    await page.getByTestId('composer-field').fill('Will this arrive?');
    await page.getByTestId('send').click();
    await tick(page, 'Will this arrive?', 'FAILED').waitFor();
    await message(page, 'Will this arrive?')
      .getByRole('button', { name: /retry|try again/i })
      .first()
      .click();
    await tick(page, 'Will this arrive?', 'SENT').waitFor();
    await context.close();
  }, 60_000);

  it('speaks Arabic from right to left', async () => {
    const { owner } = world;
    const { page, context, errors } = await visit(browser, { locale: 'ar-EG' });
    await logIn(page, owner.email, owner.password);
    await row(page, 'Mona Adel').waitFor();
    expect(await page.locator('html').getAttribute('dir')).toBe('rtl');
    expect(await page.locator('html').getAttribute('lang')).toMatch(/^ar/);
    await expect.poll(() => page.locator('nav').first().textContent()).toMatch(/[\u0600-\u06ff]{3}/);
    const list = await row(page, 'Mona Adel').boundingBox();
    expect(list?.x ?? 0).toBeGreaterThan(720);
    expect(errors).toEqual([]);
    await context.close();
  });
});
