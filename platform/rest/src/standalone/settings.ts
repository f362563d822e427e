/** The `PGRST_*` variables. Source: https://docs.postgrest.org/en/v14/references/configuration.html */
import { readFileSync } from 'node:fs';
import { defaultHoistedSettings } from '../schema/load.ts';
import type { QualifiedName } from '../schema/types.ts';
import { parseRoleClaim, type RoleClaim } from './roleClaim.ts';

/** A setting that cannot be used; the message names its variable. */
export class SettingError extends Error {
  override readonly name = 'SettingError';
}

export interface StandaloneSettings {
  adminHost: string;
  adminPort: number | undefined;
  appSettings: Record<string, string>;
  aggregates: boolean;
  anonRole: string | undefined;
  channel: string;
  channelEnabled: boolean;
  /** Read settings from the database too. */
  databaseConfig: boolean;
  extraSearchPath: string[];
  hoistedSettings: string[];
  maxRows: number | undefined;
  plans: boolean;
  pool: number;
  /** Seconds. */
  poolAcquisitionTimeout: number;
  poolMaxIdle: number;
  poolMaxLifetime: number;
  preparedStatements: boolean;
  preConfig: QualifiedName | undefined;
  preRequest: QualifiedName | undefined;
  rootSpec: string | undefined;
  schemas: string[];
  txEnd: 'commit' | 'commit-allow-override' | 'rollback' | 'rollback-allow-override';
  uri: string | undefined;
  jwtAudience: string | undefined;
  jwtCacheEntries: number;
  roleClaim: RoleClaim;
  jwtSecret: string | undefined;
  jwtSecretIsBase64: boolean;
  logLevel: 'crit' | 'error' | 'warn' | 'info' | 'debug';
  openApiMode: 'follow-privileges' | 'ignore-privileges' | 'disabled';
  openApiSecurity: boolean;
  openApiServer: string | undefined;
  corsOrigins: string[];
  host: string;
  port: number;
  traceHeader: string | undefined;
  timing: boolean;
  unixSocket: string | undefined;
  unixSocketMode: number;
}

/** Names without the prefix, that mean something here. */
const known = new Set(
  `ADMIN_SERVER_HOST ADMIN_SERVER_PORT DB_AGGREGATES_ENABLED DB_ANON_ROLE DB_CHANNEL DB_CHANNEL_ENABLED DB_CONFIG
  DB_EXTRA_SEARCH_PATH DB_HOISTED_TX_SETTINGS DB_MAX_ROWS DB_PLAN_ENABLED DB_POOL DB_POOL_ACQUISITION_TIMEOUT
  DB_POOL_AUTOMATIC_RECOVERY DB_POOL_MAX_IDLETIME DB_POOL_MAX_LIFETIME DB_POOL_TIMEOUT DB_PREPARED_STATEMENTS DB_PRE_CONFIG DB_PRE_REQUEST
  DB_ROOT_SPEC DB_SCHEMA DB_SCHEMAS DB_TX_END DB_URI JWT_AUD JWT_CACHE_MAX_ENTRIES JWT_CACHE_MAX_LIFETIME
  JWT_ROLE_CLAIM_KEY JWT_SECRET JWT_SECRET_IS_BASE64 LOG_LEVEL MAX_ROWS OPENAPI_MODE OPENAPI_SECURITY_ACTIVE
  OPENAPI_SERVER_PROXY_URI PRE_REQUEST ROLE_CLAIM_KEY ROOT_SPEC SECRET_IS_BASE64 SERVER_CORS_ALLOWED_ORIGINS
  SERVER_HOST SERVER_PORT SERVER_TIMING_ENABLED SERVER_TRACE_HEADER SERVER_UNIX_SOCKET SERVER_UNIX_SOCKET_MODE`
    .trim()
    .split(/\s+/),
);

const prefix = 'PGRST_';
const appPrefix = 'APP_SETTINGS_';

/** Variables that begin like ours and mean nothing here: misspelled, or of another version. */
export const unknownVariables = (environment: NodeJS.ProcessEnv): string[] =>
  Object.keys(environment)
    .filter((name) => name.startsWith(prefix))
    .filter((name) => !known.has(name.slice(prefix.length)) && !name.startsWith(prefix + appPrefix));

/** Names of the settings that may come from the database, in its spelling. */
export const databaseSettings = [...known].map((name) => `pgrst.${name.toLowerCase()}`);

/**
 * @param overrides settings of the database by their variable's name; they win
 * @throws SettingError
 */
export const readSettings = (
  environment: NodeJS.ProcessEnv,
  overrides: Readonly<Record<string, string>> = {},
): StandaloneSettings => {
  const r = reader({ ...environment, ...overrides });
  return {
    adminHost: r.text('ADMIN_SERVER_HOST') ?? r.text('SERVER_HOST') ?? '!4',
    adminPort: r.integer('ADMIN_SERVER_PORT'),
    appSettings: r.app(),
    aggregates: r.flag('DB_AGGREGATES_ENABLED', false),
    anonRole: r.text('DB_ANON_ROLE'),
    channel: r.text('DB_CHANNEL') ?? 'pgrst',
    channelEnabled: r.flag('DB_CHANNEL_ENABLED', true),
    databaseConfig: r.flag('DB_CONFIG', true),
    extraSearchPath: r.list('DB_EXTRA_SEARCH_PATH') ?? ['public'],
    hoistedSettings: r.list('DB_HOISTED_TX_SETTINGS') ?? defaultHoistedSettings,
    maxRows: r.integer('DB_MAX_ROWS') ?? r.integer('MAX_ROWS'),
    plans: r.flag('DB_PLAN_ENABLED', false),
    pool: r.integer('DB_POOL') ?? 10,
    poolAcquisitionTimeout: r.integer('DB_POOL_ACQUISITION_TIMEOUT') ?? 10,
    poolMaxIdle: r.integer('DB_POOL_MAX_IDLETIME') ?? r.integer('DB_POOL_TIMEOUT') ?? 30,
    poolMaxLifetime: r.integer('DB_POOL_MAX_LIFETIME') ?? 1800,
    preparedStatements: r.flag('DB_PREPARED_STATEMENTS', true),
    preConfig: r.name('DB_PRE_CONFIG'),
    preRequest: r.name('DB_PRE_REQUEST') ?? r.name('PRE_REQUEST'),
    rootSpec: (r.name('DB_ROOT_SPEC') ?? r.name('ROOT_SPEC'))?.name,
    schemas: r.list('DB_SCHEMAS') ?? r.list('DB_SCHEMA') ?? ['public'],
    txEnd:
      r.choice('DB_TX_END', ['commit', 'commit-allow-override', 'rollback', 'rollback-allow-override']) ?? 'commit',
    uri: urlOf(r.fromFile('DB_URI')),
    jwtAudience: r.text('JWT_AUD'),
    jwtCacheEntries: r.integer('JWT_CACHE_MAX_ENTRIES') ?? 1000,
    roleClaim: r.roleClaim(),
    jwtSecret: r.fromFile('JWT_SECRET'),
    jwtSecretIsBase64: r.flag('JWT_SECRET_IS_BASE64', r.flag('SECRET_IS_BASE64', false)),
    logLevel: r.choice('LOG_LEVEL', ['crit', 'error', 'warn', 'info', 'debug']) ?? 'error',
    openApiMode:
      r.choice('OPENAPI_MODE', ['follow-privileges', 'ignore-privileges', 'disabled']) ?? 'follow-privileges',
    openApiSecurity: r.flag('OPENAPI_SECURITY_ACTIVE', false),
    openApiServer: r.url('OPENAPI_SERVER_PROXY_URI'),
    corsOrigins: r.list('SERVER_CORS_ALLOWED_ORIGINS') ?? [],
    host: r.text('SERVER_HOST') ?? '!4',
    port: r.integer('SERVER_PORT') ?? 3000,
    traceHeader: r.text('SERVER_TRACE_HEADER')?.toLowerCase(),
    timing: r.flag('SERVER_TIMING_ENABLED', false),
    unixSocket: r.text('SERVER_UNIX_SOCKET'),
    unixSocketMode: r.mode('SERVER_UNIX_SOCKET_MODE', 0o660),
  };
};

/** libpq's other form, `host=localhost port=5432 user=me`, as a URL. */
const urlOf = (uri: string | undefined): string | undefined => {
  if (uri === undefined || uri.includes('://')) return uri;
  const values = new Map<string, string>();
  for (const [, key = '', quoted, plain] of uri.matchAll(/(\w+)\s*=\s*(?:'((?:[^'\\]|\\.)*)'|(\S+))/g)) {
    values.set(key, quoted?.replace(/\\(.)/g, '$1') ?? plain ?? '');
  }
  const take = (key: string): string => {
    const value = values.get(key) ?? '';
    values.delete(key);
    return encodeURIComponent(value);
  };
  const [user, password, host, port, database] = ['user', 'password', 'host', 'port', 'dbname'].map(take);
  const login = user === '' ? '' : `${user}${password === '' ? '' : `:${password}`}@`;
  const rest = new URLSearchParams([...values]).toString();
  return `postgresql://${login}${host}${port === '' ? '' : `:${port}`}/${database}${rest === '' ? '' : `?${rest}`}`;
};

const reader = (environment: NodeJS.ProcessEnv) => {
  const text = (name: string): string | undefined => environment[prefix + name] || undefined;
  const wrong = (name: string, wanted: string): SettingError =>
    new SettingError(`${prefix}${name} must be ${wanted}, not "${text(name)}".`);
  const integer = (name: string): number | undefined => {
    const value = text(name);
    if (value !== undefined && !/^\d{1,9}$/.test(value)) throw wrong(name, 'a whole number');
    return value === undefined ? undefined : Number(value);
  };
  return {
    text,
    integer,
    flag(name: string, otherwise: boolean): boolean {
      const value = text(name)?.toLowerCase();
      if (value === undefined) return otherwise;
      if (value === 'true' || value === '1') return true;
      if (value === 'false' || value === '0') return false;
      throw wrong(name, 'true or false');
    },
    list(name: string): string[] | undefined {
      const value = environment[prefix + name];
      if (value === undefined) return undefined;
      const items = value.split(',').map((item) => item.trim());
      return items.filter((item) => item !== '');
    },
    choice<W extends string>(name: string, words: readonly W[]): W | undefined {
      const value = text(name);
      const found = words.find((word) => word === value);
      if (value !== undefined && found === undefined) throw wrong(name, `one of ${words.join(', ')}`);
      return found;
    },
    name(name: string): QualifiedName | undefined {
      const value = text(name);
      if (value === undefined) return undefined;
      const dot = value.indexOf('.');
      return dot === -1
        ? { schema: 'public', name: value }
        : { schema: value.slice(0, dot), name: value.slice(dot + 1) };
    },
    url(name: string): string | undefined {
      const value = text(name);
      if (value !== undefined && !URL.canParse(value)) throw wrong(name, 'a whole URL such as https://api.example.com');
      return value;
    },
    mode(name: string, otherwise: number): number {
      const value = text(name);
      if (value === undefined) return otherwise;
      if (!/^[67][0-7]{2}$/.test(value)) throw wrong(name, 'an octal file mode from 600 to 777');
      return Number.parseInt(value, 8);
    },
    /** `@path` stands for what the file holds. */
    fromFile(name: string): string | undefined {
      const value = text(name);
      if (!value?.startsWith('@')) return value;
      try {
        return readFileSync(value.slice(1), 'utf8').trimEnd();
      } catch {
        throw wrong(name, 'the path of a file that can be read');
      }
    },
    roleClaim(): RoleClaim {
      const name = text('JWT_ROLE_CLAIM_KEY') === undefined ? 'ROLE_CLAIM_KEY' : 'JWT_ROLE_CLAIM_KEY';
      const path = parseRoleClaim(text(name) ?? '.role');
      if (path === undefined) throw wrong(name, 'a path such as .role or .app.roles[0]');
      return path;
    },
    app(): Record<string, string> {
      const start = prefix + appPrefix;
      return Object.fromEntries(
        Object.entries(environment).flatMap(([name, value]) =>
          name.startsWith(start) && value !== undefined
            ? [[`app.settings.${name.slice(start.length).toLowerCase()}`, value]]
            : [],
        ),
      );
    },
  };
};
