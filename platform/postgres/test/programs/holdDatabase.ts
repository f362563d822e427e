import pino from 'pino';
import { DatabaseUnavailable, openDatabase } from '../../src/index.ts';

/**
 * Opens the database of a data folder and holds it until SIGTERM. Prints one JSON line: `{url, version, log}` or `{problem, message}`.
 * The tests kill it in every way a program can be killed.
 */
const [dataDir = '', port] = process.argv.slice(2);
const said: string[] = [];
const log = pino({ level: 'info' }, { write: (line: string) => said.push(String(JSON.parse(line).msg)) });

try {
  const database = await openDatabase({
    dataDir,
    port: port === undefined ? undefined : Number(port),
    secret: 'secret',
    log,
    durable: process.env.DURABLE === '1',
  });
  process.once('SIGTERM', () => {
    database.close().then(() => process.exit(0));
  });
  console.log(JSON.stringify({ url: database.url, version: database.serverVersion, said }));
} catch (error) {
  const problem = error instanceof DatabaseUnavailable ? error.problem : 'unexpected';
  console.log(JSON.stringify({ problem, message: error instanceof Error ? error.stack : String(error), said }));
}
