import { createLogger } from '@connectgain/http';
import { DatabaseUnavailable, MigrationError } from '@connectgain/postgres';
import { startInstance } from './src/compose.ts';
import { ConfigError, readConfig } from './src/config.ts';

/** Errors whose message is a sentence for the operator; anything else is ours and shows its stack. */
function isForOperator(error: unknown): error is Error {
  return error instanceof ConfigError || error instanceof DatabaseUnavailable || error instanceof MigrationError;
}

try {
  const started = performance.now();
  const config = readConfig(process.env);
  const log = createLogger(config.logLevel);
  const instance = await startInstance(config, log);
  const lines = [
    '',
    `  ConnectGain is ready in ${((performance.now() - started) / 1000).toFixed(1)} s`,
    '',
    `  Open       ${instance.publicUrl}`,
    ...(instance.demo ? [`  Demo       ${instance.demo.email}  /  ${instance.demo.password}`] : []),
    `  Data       ${config.DATABASE_URL ? 'your PostgreSQL and ' : ''}${config.dataDir}`,
    '  Stop       Ctrl-C',
    '',
  ];
  process.stdout.write(`${lines.join('\n')}\n`);

  let stopping = false;
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      if (stopping) process.exit(1);
      stopping = true;
      log.info({ signal }, 'stopping');
      instance.close().then(
        () => process.exit(0),
        () => process.exit(1),
      );
    });
  }
} catch (error) {
  if (isForOperator(error)) {
    process.stderr.write(`\n${error.message}\n\n`);
    process.exit(1);
  }
  throw error;
}
