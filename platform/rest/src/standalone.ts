/** `npm run rest`: serves the database of `PGRST_DB_URI`. */
import { createLogger } from '@connectgain/http';
import { startStandalone } from './standalone/server.ts';
import { SettingError } from './standalone/settings.ts';

const levels: Readonly<Record<string, string>> = {
  crit: 'fatal',
  error: 'error',
  warn: 'warn',
  info: 'info',
  debug: 'debug',
};
const log = createLogger(levels[process.env.PGRST_LOG_LEVEL ?? ''] ?? 'warn');

try {
  const running = await startStandalone(process.env, log);
  process.stdout.write(`REST is served at ${running.address}\n`);
  if (running.adminAddress !== undefined) process.stdout.write(`/live and /ready at ${running.adminAddress}\n`);
  const stop = (): void => {
    running.close().then(
      () => process.exit(0),
      (error: unknown) => {
        log.error({ err: error }, 'stopping failed');
        process.exit(1);
      },
    );
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
} catch (error) {
  if (error instanceof SettingError) process.stderr.write(`${error.message}\n`);
  else {
    const reason = error instanceof Error ? error.message : String(error);
    process.stderr.write(`The database of PGRST_DB_URI cannot be served: ${reason}\n`);
  }
  process.exitCode = 1;
}
