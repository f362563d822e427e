import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../../testing/database.ts';
import { runAs } from '../src/index.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase({ sets: 'platform', maxConnections: 2 });
});
afterAll(() => database.destroy());

describe('runAs', () => {
  it('runs as the role with the claims', async () => {
    const [result] = await runAs(database.requests, { role: 'authenticated', claims: { sub: 'a' } }, [
      { text: "select current_user as role, current_setting('request.jwt.claims') as claims" },
    ]);
    expect(result?.rows).toEqual([{ role: 'authenticated', claims: '{"sub":"a"}' }]);
  });
});
