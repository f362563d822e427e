import { watchChanges } from './changeWatch.ts';
import { faultsOf } from './judge.ts';
import { type Answer, openWire, type Sent } from './wire.ts';
import type { RoutesWorld } from './world.ts';

export interface Attempts {
  /**
   * Sends one piece of bad input and notes what is wrong with the answer, with the rows afterwards, and with the connection.
   * @param fits statuses that it must have; any below 500 when absent
   */
  try(label: string, sent: Sent, fits?: (status: number) => boolean): Promise<Answer>;
  /** Everything noted since the last call. */
  faults(): string[];
  close(): void;
}

/** Tries bad input over one connection that is kept open, and asks after every refusal that no row was touched. */
export async function createAttempts(world: Pick<RoutesWorld, 'server' | 'secrets'>): Promise<Attempts> {
  const wire = openWire(world.server.url);
  const changes = await watchChanges(world.server.database.owner);
  let noted: string[] = [];
  let mayClose = true;

  async function checkRows(label: string, answer: Answer): Promise<void> {
    const changed = await changes();
    if (answer.status >= 400 && changed.length > 0)
      noted.push(`${label}: refused and yet changed ${changed.join(', ')}`);
  }

  async function checkConnection(label: string, sent: Sent, answer: Answer): Promise<void> {
    if (!mayClose && !answer.sameConnection) noted.push(`${label}: the connection had been cut before`);
    // Node's client does not go on after a HEAD without a length, whatever the server says.
    const lengthless = sent.method === 'HEAD' && answer.headers['content-length'] === undefined;
    mayClose = answer.headers.connection === 'close' || lengthless;
    // Where no body could be left over on the connection, the next attempt will tell.
    if (sent.body === undefined) return;
    const next = await wire.send({ method: 'GET', path: '/health' });
    if (next.status !== 200) noted.push(`${label}: the next request was answered with ${next.status}`);
    if (!mayClose && !next.sameConnection) noted.push(`${label}: cut the connection without saying so`);
    mayClose = next.headers.connection === 'close';
  }

  return {
    async try(label, sent, fits) {
      const name = `${sent.method} ${sent.path.slice(0, 90)} with ${label}`;
      const answer = await wire.send(sent).catch((error: unknown): Answer => {
        noted.push(`${name}: ${String(error)}`);
        return { status: 0, headers: { connection: 'close' }, body: '', sameConnection: true };
      });
      if (answer.status === 0) {
        mayClose = true;
        return answer;
      }
      for (const fault of faultsOf(sent, answer, world.secrets)) {
        noted.push(`${name}: ${fault}: ${answer.status} ${answer.body.slice(0, 300)}`);
      }
      if (fits && !fits(answer.status)) noted.push(`${name}: answered ${answer.status} ${answer.body.slice(0, 200)}`);
      if (!['GET', 'HEAD', 'OPTIONS'].includes(sent.method)) await checkRows(name, answer);
      await checkConnection(name, sent, answer);
      return answer;
    },
    faults() {
      const all = noted;
      noted = [];
      return all;
    },
    close: () => wire.close(),
  };
}
