import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { copyFile, type FileHandle, mkdir, open, rename, stat, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { driverKeyPattern, MissingBytes, type StorageDriver } from './driver.ts';

export interface FileDriverOptions {
  /**
   * Wait until the bytes and the name have reached the disk before a write counts; true when absent. Without it a power cut may lose or
   * tear files that were acknowledged in the last seconds.
   */
  fsync?: boolean;
}

/**
 * Keeps files in a folder: `<dir>/ab/cd/abcd...`, 65 536 folders, so that none gets too long to list. Bytes are written beside their
 * final name and renamed onto it, which POSIX does atomically.
 *
 * @param dir made when absent; several processes may share it
 */
export function createFileDriver(dir: string, options: FileDriverOptions = {}): StorageDriver {
  const fsync = options.fsync ?? true;

  function pathOf(key: string): string {
    if (!driverKeyPattern.test(key)) throw new TypeError(`"${key}" is not a key of this driver`);
    return join(dir, key.slice(0, 2), key.slice(2, 4), key);
  }

  /** Moves finished bytes to their name. */
  async function publish(path: string): Promise<void> {
    await rename(partOf(path), path);
    if (fsync) await syncFolder(dirname(path));
  }

  return {
    async write(key, body, { signal } = {}) {
      const path = pathOf(key);
      const handle = await openPart(path);
      const hash = createHash('md5');
      let size = 0;
      try {
        for await (const chunk of body) {
          signal?.throwIfAborted();
          hash.update(chunk);
          size += chunk.byteLength;
          await writeAll(handle, chunk);
        }
        signal?.throwIfAborted();
        if (fsync) await handle.sync();
        await handle.close();
        await publish(path);
      } catch (error) {
        await handle.close().catch(() => undefined);
        await unlinkIfThere(partOf(path)).catch(() => undefined);
        throw error;
      }
      return { size, etag: `"${hash.digest('hex')}"` };
    },

    async read(key, range) {
      const handle = await open(pathOf(key), 'r').catch((error: unknown) => {
        throw isAbsent(error) ? new MissingBytes(key, error) : error;
      });
      return handle.createReadStream({ ...range, highWaterMark: 128 * 1024 });
    },

    async copy(from, to) {
      const source = pathOf(from);
      const path = pathOf(to);
      await mkdir(dirname(path), { recursive: true });
      try {
        // A clone where the file system can (btrfs, xfs, APFS), a copy elsewhere.
        await copyFile(source, partOf(path), constants.COPYFILE_FICLONE);
        const handle = await open(partOf(path), 'r+');
        try {
          if (fsync) await handle.sync();
          const { size } = await handle.stat();
          await publish(path);
          return { size };
        } finally {
          await handle.close();
        }
      } catch (error) {
        await unlinkIfThere(partOf(path)).catch(() => undefined);
        throw isAbsent(error) ? new MissingBytes(from, error) : error;
      }
    },

    async remove(keys) {
      for (const path of keys.map(pathOf)) {
        await unlinkIfThere(path);
        await unlinkIfThere(partOf(path));
      }
    },

    async stat(key) {
      try {
        const { size, mtime } = await stat(pathOf(key));
        return { size, modifiedAt: mtime };
      } catch (error) {
        if (isAbsent(error)) return undefined;
        throw error;
      }
    },
  };
}

function partOf(path: string): string {
  return `${path}.part`;
}

/** Opens the unfinished file for writing. The folder is made when it turns out to be missing: after a while all of them exist. */
async function openPart(path: string): Promise<FileHandle> {
  try {
    return await open(partOf(path), 'wx', 0o640);
  } catch (error) {
    if (!isAbsent(error)) throw error;
    await mkdir(dirname(path), { recursive: true, mode: 0o750 });
    return await open(partOf(path), 'wx', 0o640);
  }
}

/** One chunk, whole: a write may take less than it was given. */
async function writeAll(handle: FileHandle, chunk: Uint8Array): Promise<void> {
  let offset = 0;
  while (offset < chunk.byteLength) {
    const { bytesWritten } = await handle.write(chunk, offset);
    offset += bytesWritten;
  }
}

/** Makes a rename durable. Windows cannot open folders, and needs not. */
async function syncFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function unlinkIfThere(path: string): Promise<void> {
  await unlink(path).catch((error: unknown) => {
    if (!isAbsent(error)) throw error;
  });
}

function isAbsent(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
