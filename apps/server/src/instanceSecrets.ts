import { randomBytes } from 'node:crypto';
import { chmod, link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { type Config, ConfigError } from './config.ts';

const stored = z.object({ jwtSecret: z.string().min(32), secretsKey: z.string().min(32) });

export type InstanceSecrets = z.infer<typeof stored>;

/**
 * The keys of this instance: from the environment, else from `DATA_DIR/secrets.json` (mode 600), made on the first start.
 * The file appears whole or not at all, so two first starts at once agree on one.
 */
export async function instanceSecrets(config: Config): Promise<InstanceSecrets> {
  if (config.JWT_SECRET && config.SECRETS_KEY) {
    return { jwtSecret: config.JWT_SECRET, secretsKey: config.SECRETS_KEY };
  }
  const kept = await readOrCreate(config.dataDir);
  return { jwtSecret: config.JWT_SECRET ?? kept.jwtSecret, secretsKey: config.SECRETS_KEY ?? kept.secretsKey };
}

async function readOrCreate(dataDir: string): Promise<InstanceSecrets> {
  const file = join(dataDir, 'secrets.json');
  await mkdir(dataDir, { recursive: true });
  const existing = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (existing !== undefined) return parseSecrets(existing, file);

  const fresh: InstanceSecrets = {
    jwtSecret: randomBytes(48).toString('base64url'),
    secretsKey: randomBytes(32).toString('hex'),
  };
  const draft = `${file}.${process.pid}`;
  await writeFile(draft, `${JSON.stringify(fresh, null, 2)}\n`, { mode: 0o600 });
  await chmod(draft, 0o600);
  // A hard link fails when another start was first; then its keys are ours.
  await link(draft, file).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
  });
  await rm(draft, { force: true });
  return parseSecrets(await readFile(file, 'utf8'), file);
}

function parseSecrets(text: string, file: string): InstanceSecrets {
  try {
    return stored.parse(JSON.parse(text));
  } catch (cause) {
    throw new ConfigError(
      `${file} is damaged: restore it from a backup, or set JWT_SECRET and SECRETS_KEY. Without the old SECRETS_KEY stored channel tokens cannot be opened.`,
      { cause },
    );
  }
}
