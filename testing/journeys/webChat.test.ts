import { createServer, type Server } from 'node:http';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openBrowser, visit } from '../browser.ts';
import { type SignedIn, startTestServer, type TestServer } from '../server.ts';

let server: TestServer;
let shop: Server;
let shopUrl: string;
let owner: SignedIn;
let browser: Browser;

beforeAll(async () => {
  server = await startTestServer();
  owner = await server.signUp('Acme');
  const { data, error } = await owner.client
    .from('channel_accounts')
    .insert({ name: 'Website', type: 'WEB_CHAT', settings: { title: 'Acme' } })
    .select('routing_key')
    .single();
  if (error) throw error;
  // A site of another origin, as customers of ours have.
  shop = createServer((_request, response) =>
    response
      .setHeader('content-type', 'text/html; charset=utf-8')
      .end(
        `<!doctype html><title>Shop</title><h1>Lamps</h1><script async src="${server.url}/widget.js" data-key="${data.routing_key}"></script>`,
      ),
  );
  await new Promise<void>((resolve) => shop.listen(0, '127.0.0.1', resolve));
  const address = shop.address();
  shopUrl = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
  browser = await openBrowser();
}, 60_000);
afterAll(async () => {
  await browser?.close();
  await new Promise((resolve) => shop.close(resolve));
  await server?.close();
});

it('a visitor of a shop and an agent in the inbox talk without a reload on either side', async () => {
  const customer = await visit(browser);
  const agent = await visit(browser);
  await agent.page.goto(`${server.url}/login`);
  await agent.page.locator('input[type=email]').fill(owner.email);
  await agent.page.locator('input[type=password]').fill(owner.password);
  await agent.page.locator('button[type=submit]').click();
  await agent.page.waitForURL(/\/inbox/);
  await agent.page.locator('[data-testid=connection][data-state=live]').first().waitFor({ state: 'attached' });

  await customer.page.goto(shopUrl);
  await customer.page.locator('.launcher').click();
  await customer.page.locator('.composer textarea').fill('Do you ship to Alexandria?');
  await customer.page.locator('.composer textarea').press('Enter');

  await agent.page.getByTestId('conversation-row').filter({ hasText: 'Alexandria' }).click();
  await agent.page.getByTestId('composer-field').fill('Yes, within three days.');
  await agent.page.getByTestId('send').click();
  await customer.page.locator('.item .bubble').filter({ hasText: 'within three days' }).waitFor();
  await agent.page
    .getByTestId('message')
    .filter({ hasText: 'within three days' })
    .locator('[data-status="READ"]')
    .waitFor();

  // The panel was open and opens again.
  await customer.page.reload();
  await customer.page.locator('.item .bubble').filter({ hasText: 'within three days' }).waitFor();
  expect([...customer.errors, ...agent.errors]).toEqual([]);
  await customer.context.close();
  await agent.context.close();
}, 60_000);
