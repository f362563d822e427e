import { randomBytes } from 'node:crypto';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Passwords of the embedded server's two logins. */
export interface Credentials {
  /** The administrator `postgres`: used for setting up only. */
  administrator: string;
  /** `connectgain`, who owns the database. */
  owner: string;
}

const file = 'credentials.json';

/** The passwords kept in the control folder (mode 600), or null where there are none that can be read. */
export async function readCredentials(control: string): Promise<Credentials | null> {
  try {
    const value: unknown = JSON.parse(await readFile(join(control, file), 'utf8'));
    if (typeof value !== 'object' || value === null || !('administrator' in value) || !('owner' in value)) return null;
    return { administrator: String(value.administrator), owner: String(value.owner) };
  } catch {
    return null;
  }
}

/** Makes new passwords and writes them down. */
export async function createCredentials(control: string): Promise<Credentials> {
  const credentials = {
    administrator: randomBytes(24).toString('base64url'),
    owner: randomBytes(24).toString('base64url'),
  };
  const draft = join(control, `${file}.new`);
  await writeFile(draft, `${JSON.stringify(credentials)}\n`, { mode: 0o600 });
  await rename(draft, join(control, file));
  return credentials;
}
