import { Readable } from 'node:stream';
import { badRequest, encryptSecret, type FastifyInstance, tooLarge } from '@connectgain/http';

export interface SealOptions {
  /** Key of the instance; never enters the database. */
  secretsKey: string;
}

/** Where a write may carry secrets: the REST table, and the columns which are one or hold some. */
const writable: Readonly<Record<string, { secretColumns: readonly string[]; objectColumns: readonly string[] }>> = {
  channel_accounts: { secretColumns: [], objectColumns: ['settings'] },
  organizations: { secretColumns: [], objectColumns: ['settings'] },
  webhook_configurations: { secretColumns: ['secret'], objectColumns: [] },
};

/** The same rule as `app.is_secret_key` in database/migrations/0003_channels.sql, which refuses what was not sealed. */
export function isSecretKey(key: string): boolean {
  return (
    /(token|secret|password|passwd|api_?key|private_?key|credentials?)$/i.test(key) &&
    key.toLowerCase() !== 'verify_token'
  );
}

const MAX_BYTES = 1024 * 1024;

/**
 * Seals secrets in REST writes before the REST engine sees the body, so that a channel's token is never plain in the
 * database, its log or its statements. The database moves sealed values away and lists their names in `secrets_set`.
 */
export function sealSecretsInWrites(app: FastifyInstance, o: SealOptions): void {
  app.addHook('preParsing', async (request, _reply, payload) => {
    if (request.method !== 'POST' && request.method !== 'PATCH' && request.method !== 'PUT') return payload;
    const table = /^\/rest\/v1\/([a-z_]+)(?:[/?]|$)/.exec(request.url)?.[1];
    const columns = table !== undefined && Object.hasOwn(writable, table) ? writable[table] : undefined;
    if (!columns) return payload;
    if (!/^application\/([\w.]+\+)?json/i.test(request.headers['content-type'] ?? 'application/json')) {
      throw badRequest('Send this table as JSON: other formats could carry secrets past their encryption.');
    }
    const bytes = await collect(payload);
    const sealed = sealBody(bytes, (text) => encryptSecret(o.secretsKey, text), columns);
    delete request.headers['content-length'];
    return Object.assign(Readable.from([sealed], { objectMode: false }), { receivedEncodedLength: sealed.length });
  });
}

async function collect(payload: AsyncIterable<unknown>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of payload) {
    if (!(chunk instanceof Uint8Array)) throw badRequest('The body could not be read as bytes.');
    size += chunk.length;
    if (size > MAX_BYTES) throw tooLarge();
    chunks.push(Buffer.from(chunk));
  }
  return Buffer.concat(chunks);
}

type Columns = (typeof writable)[string];

/** A body that is no JSON passes through: the REST engine has its own words for it. */
function sealBody(bytes: Buffer, seal: (text: string) => string, columns: Columns): Buffer {
  let body: unknown;
  try {
    body = JSON.parse(bytes.toString('utf8'));
  } catch {
    return bytes;
  }
  const rows = Array.isArray(body) ? body : [body];
  const sealed = rows.map((row) => (isRecord(row) ? sealRow(row, seal, columns) : row));
  return Buffer.from(JSON.stringify(Array.isArray(body) ? sealed : sealed[0]));
}

function sealRow(
  row: Record<string, unknown>,
  seal: (text: string) => string,
  columns: Columns,
): Record<string, unknown> {
  const out = { ...row };
  for (const name of columns.secretColumns) out[name] = sealValue(out[name], seal);
  for (const name of columns.objectColumns) {
    const value = parsedObject(out[name]);
    if (value) {
      out[name] = Object.fromEntries(
        Object.entries(value).map(([key, item]) => {
          if (isSecretKey(key)) return [key, sealValue(item, seal)];
          refuseNested(item, `${name}.${key}`);
          return [key, item];
        }),
      );
    }
  }
  return out;
}

/** The database moves secrets away from the top of an object only: one further down would stay readable. */
function refuseNested(value: unknown, path: string): void {
  if (typeof value !== 'object' || value === null) return;
  for (const [key, item] of Object.entries(value)) {
    if (!Array.isArray(value) && isSecretKey(key) && item !== null && item !== '') {
      const flat = `${path.split('.').slice(1).join('_')}_${key}`;
      throw badRequest(
        `${path}.${key} would not be encrypted: secrets stand at the top of an object, for instance as "${flat}".`,
      );
    }
    refuseNested(item, `${path}.${key}`);
  }
}

function sealValue(value: unknown, seal: (text: string) => string): unknown {
  if (value === null || value === undefined || value === '') return value;
  // Text that merely looks sealed is sealed like any other: only our own code stores sealed values directly.
  return seal(typeof value === 'string' ? value : JSON.stringify(value));
}

/** The documentation also sends objects as JSON text. */
function parsedObject(value: unknown): Record<string, unknown> | undefined {
  if (isRecord(value)) return value;
  if (typeof value !== 'string') return undefined;
  try {
    const parsed: unknown = JSON.parse(value);
    return isRecord(parsed) ? parsed : undefined;
  } catch {
    return undefined;
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
