import { resolve } from 'node:path';
import { z } from 'zod';

/**
 * Everything that the environment can set, in one place; docs/configuration.md is generated from these descriptions.
 * A wrong value stops the start with a sentence that names the variable.
 */
const flag = (fallback: boolean) =>
  z
    .string()
    .transform((text) => text.trim().toLowerCase())
    .pipe(z.enum(['0', '1', 'true', 'false', 'yes', 'no', 'on', 'off'], { error: 'must be 1 or 0' }))
    .transform((text) => ['1', 'true', 'yes', 'on'].includes(text))
    .default(fallback);

const whole = (fallback: number, min: number, max: number) =>
  z.coerce
    .number({ error: 'must be a whole number' })
    .int({ error: 'must be a whole number' })
    .min(min, { error: `must be at least ${min}` })
    .max(max, { error: `must be at most ${max}` })
    .default(fallback);

const url = z
  .string()
  .refine((text) => URL.canParse(text) && /^https?:$/.test(new URL(text).protocol), {
    error: 'must be an http or https address',
  })
  .transform((text) => text.replace(/\/+$/, ''));

const list = z
  .string()
  .default('')
  .transform((text) => text.split(/[\s,]+/).filter(Boolean));

const longSecret = z.string().min(32, { error: 'must have at least 32 characters' });

const schema = z.object({
  PORT: whole(3000, 0, 65_535).describe('Port to listen on; 0 takes a free one.'),
  HOST: z.string().default('0.0.0.0').describe('Address to listen on.'),
  DATA_DIR: z.string().default('.data').describe('Folder of the embedded database, files and generated keys.'),
  DATABASE_URL: z
    .string()
    .regex(/^postgres(ql)?:\/\//, { error: 'must begin with postgres:// or postgresql://' })
    .optional()
    .describe('PostgreSQL 15 or newer to use instead of the embedded one.'),
  DATABASE_PORT: whole(0, 0, 65_535).describe('Port of the embedded PostgreSQL; 0 keeps the one of the last start.'),
  DATABASE_CONNECTIONS: whole(20, 4, 500).describe('Connections that one node may open for requests and system work.'),
  PUBLIC_URL: url
    .optional()
    .describe('Address at which users and providers reach this instance; default http://localhost:PORT.'),
  ROLE: z
    .enum(['all', 'api', 'worker'], { error: 'must be all, api or worker' })
    .default('all')
    .describe('What this node does: requests, jobs, or both.'),
  DEMO: flag(true).describe('Seed a demo workspace on the first start and offer the Sandbox.'),
  JWT_SECRET: longSecret
    .optional()
    .describe('Signs tokens and keys. Generated into DATA_DIR when absent; set the same on every node.'),
  SECRETS_KEY: longSecret
    .optional()
    .describe(
      'Encrypts channel tokens and other secrets. Generated into DATA_DIR when absent; set the same on every node.',
    ),
  TRUST_PROXY: z
    .string()
    .default('')
    .transform((text) => (text === '' ? false : text === 'true' || text === '1' ? true : text))
    .describe('Whose X-Forwarded-For to believe: 1 for any, or a list of addresses and networks.'),
  LOG_LEVEL: z
    .enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'], {
      error: 'must be fatal, error, warn, info, debug, trace or silent',
    })
    .optional()
    .describe('How much is logged, as JSON lines; warn in a terminal and info elsewhere when absent.'),
  OUTBOUND_ALLOW: list.describe(
    'Hosts (host or host:port, separated by commas) in private networks that outgoing calls may reach, also by plain http.',
  ),
  WORKER_CONCURRENCY: whole(8, 1, 64).describe('Jobs that one node runs at once.'),
  RATE_LIMIT_FUNCTIONS: whole(100, 0, 1_000_000).describe(
    'Requests per minute and organization to /functions/v1; 0 for no limit.',
  ),
  RATE_LIMIT_REST: whole(1000, 0, 1_000_000).describe(
    'Requests per minute and organization to /rest/v1; 0 for no limit.',
  ),
  RATE_LIMIT_KEY: whole(500, 0, 1_000_000).describe('Requests per minute and API key; 0 for no limit.'),
  STATEMENT_TIMEOUT_MS: whole(15_000, 100, 600_000).describe('Longest time that a request may spend in the database.'),
  SIGN_UP: flag(true).describe('Whether strangers may create an account and an organization.'),
  SMTP_HOST: z
    .string()
    .optional()
    .describe('Mail server; without it mails wait in the local outbox and accounts are confirmed at once.'),
  SMTP_PORT: whole(587, 1, 65_535).describe('Port of the mail server.'),
  SMTP_USER: z.string().optional().describe('User name at the mail server.'),
  SMTP_PASSWORD: z.string().optional().describe('Password at the mail server.'),
  SMTP_SECURE: flag(false).describe('TLS from the first byte (port 465) instead of STARTTLS.'),
  SMTP_FROM: z.string().default('ConnectGain <no-reply@localhost>').describe('Sender of mails.'),
  META_APP_SECRET: z.string().optional().describe('App secret of the Meta app whose webhooks this instance receives.'),
  WHATSAPP_CLOUD_VERIFY_TOKEN: z
    .string()
    .optional()
    .describe('Verify token for the WhatsApp Cloud callback, beside those of the channels.'),
});

export type Environment = z.infer<typeof schema>;

/** The environment after validation, with paths made absolute. */
export interface Config extends Environment {
  dataDir: string;
  logLevel: NonNullable<Environment['LOG_LEVEL']>;
}

/** Thrown at the start; the message is complete and meant for the operator. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

/** @throws ConfigError with one sentence per wrong variable */
export function readConfig(env: NodeJS.ProcessEnv): Config {
  const given = Object.fromEntries(
    Object.keys(schema.shape).flatMap((name) => {
      const value = env[name];
      return value === undefined || value === '' ? [] : [[name, value]];
    }),
  );
  const result = schema.safeParse(given);
  if (!result.success) {
    const sentences = result.error.issues.map((issue) => `${issue.path.join('.')} ${issue.message}.`);
    throw new ConfigError(sentences.join('\n'));
  }
  return {
    ...result.data,
    dataDir: resolve(result.data.DATA_DIR),
    logLevel: result.data.LOG_LEVEL ?? (process.stdout.isTTY ? 'warn' : 'info'),
  };
}

export interface DocumentedVariable {
  name: string;
  fallback: string;
  description: string;
}

/** For docs/configuration.md. */
export function documentedVariables(): DocumentedVariable[] {
  const defaults = readConfig({});
  return Object.entries(schema.shape).map(([name, field]) => {
    const value = defaults[name as keyof Environment];
    const fallback = value === undefined || value === '' ? '' : Array.isArray(value) ? value.join(',') : shown(value);
    return { name, fallback, description: field.description ?? '' };
  });
}

function shown(value: string | number | boolean): string {
  return typeof value === 'boolean' ? (value ? '1' : '0') : String(value);
}
