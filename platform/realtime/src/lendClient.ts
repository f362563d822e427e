import type { Pool, PoolClient } from 'pg';

/**
 * Lends a client of the pool for one piece of work, which must leave no transaction open. Afterwards the client goes back, or is dropped
 * where its connection broke or is still busy.
 */
export async function lendClient<T>(pool: Pool, work: (client: PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  // pg emits 'error' on a lent client whose connection breaks, besides rejecting its queries; unheard it would end the process.
  let broken = false;
  const onError = () => {
    broken = true;
  };
  client.on('error', onError);
  try {
    return await work(client);
  } finally {
    client.off('error', onError);
    client.release(broken || client.getTransactionStatus() !== 'I');
  }
}
