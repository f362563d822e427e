import { lchown, readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** Gives a folder and everything in it to an account. */
export async function chownTree(folder: string, { uid, gid }: { uid: number; gid: number }): Promise<void> {
  const entries = await readdir(folder, { recursive: true });
  await Promise.all(entries.map((entry) => lchown(join(folder, entry), uid, gid)));
  await lchown(folder, uid, gid);
}
