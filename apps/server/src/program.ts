import { createLogger } from '@connectgain/http';
import { DatabaseUnavailable, MigrationError } from '@connectgain/postgres';
import { type Instance, type InstanceOptions, startInstance } from './compose.ts';
import { type Config, ConfigError, readConfig } from './config.ts';

/** Errors whose message is a sentence for the operator; anything else is ours and shows its stack. */
function isForOperator(error: unknown): error is Error {
  return error instanceof ConfigError || error instanceof DatabaseUnavailable || error instanceof MigrationError;
}

/** Runs a node as a process: says where it is reached, drains at SIGINT and SIGTERM, exits with 1 and a sentence where it cannot start. */
export async function runProgram(env: NodeJS.ProcessEnv, o: InstanceOptions = {}): Promise<void> {
  try {
    const started = performance.now();
    const config = readConfig(env);
    const log = createLogger(config.logLevel);
    const instance = await startInstance(config, log, o);
    process.stdout.write(welcome(config, instance, (performance.now() - started) / 1000));
    stopAtSignals(instance, (signal) => log.info({ signal }, 'stopping'));
  } catch (error) {
    if (!isForOperator(error)) throw error;
    process.stderr.write(`\n${error.message}\n\n`);
    process.exit(1);
  }
}

function welcome(config: Config, instance: Instance, seconds: number): string {
  const lines = [
    '',
    `  ConnectGain is ready in ${seconds.toFixed(1)} s`,
    '',
    `  Open       ${instance.publicUrl}`,
    ...(instance.demo ? [`  Demo       ${instance.demo.email}  /  ${instance.demo.password}`] : []),
    `  Data       ${config.DATABASE_URL ? 'your PostgreSQL and ' : ''}${config.dataDir}`,
    '  Stop       Ctrl-C',
    '',
  ];
  return `${lines.join('\n')}\n`;
}

function stopAtSignals(instance: Instance, announce: (signal: string) => void): void {
  let stopping = false;
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      if (stopping) process.exit(1);
      stopping = true;
      announce(signal);
      instance.close().then(
        () => process.exit(0),
        () => process.exit(1),
      );
    });
  }
}
