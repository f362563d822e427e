import { createTestDatabase } from '@connectgain/testing/database.ts';
import { startOldestServer } from '@connectgain/testing/oldestServer.ts';
import type { TestServer } from '@connectgain/testing/testServer.ts';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { createWhatsappWorld, type WhatsappWorld } from './whatsappWorld.ts';

let server: TestServer;
let world: WhatsappWorld;
beforeAll(async () => {
  server = await startOldestServer();
  // Empty: the product migrates it when it starts.
  const database = await createTestDatabase({ server: server.url, sets: 'none' });
  world = await createWhatsappWorld({ database });
});
afterAll(async () => {
  await world?.close();
  await server?.stop();
});

it('the whole product runs on a hosted PostgreSQL 15: a message comes in live, the answer goes out and is read', async () => {
  expect(world.server.database.serverVersion).toBe(15);
  const { client } = world.owner;
  const seen: unknown[][] = [];
  await new Promise<void>((resolve, reject) => {
    client
      .channel('inbox')
      .on('postgres_changes', { event: '*', schema: 'public', table: 'messages' }, ({ eventType, new: row }) =>
        seen.push('content' in row ? [eventType, row.direction, row.content, row.status] : [eventType]),
      )
      .subscribe((status, error) => (status === 'SUBSCRIBED' ? resolve() : reject(error ?? new Error(status))));
  });
  const until = (row: unknown[]) =>
    vi.waitFor(() => expect(seen).toContainEqual(row), { timeout: 15_000, interval: 20 });

  const mona = world.meta.customer({ waId: '201017177777', name: 'Mona Adel' });
  await mona.sendText('أين طلبي؟');
  await until(['INSERT', 'INBOUND', 'أين طلبي؟', 'RECEIVED']);
  const { data: thread } = await client.from('conversations').select('id,contact:contacts(full_name)').single();
  expect(thread).toMatchObject({ contact: { full_name: 'Mona Adel' } });

  const { error } = await client.rpc('send_message', { p_conversation_id: thread?.id, p_content: 'On its way' });
  expect(error).toBeNull();
  await until(['UPDATE', 'OUTBOUND', 'On its way', 'SENT']);
  expect(mona.received()).toHaveLength(1);
  await world.meta.settle();
  await mona.read();
  await until(['UPDATE', 'OUTBOUND', 'On its way', 'READ']);
});
