import { access, chmod, constants, mkdir, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';

import { ConfigError } from '@greenroom/settings';
import type { Logger } from 'pino';

const SECRETS = ['dev.json', 'worker.key', 'token.key'];
const GROUP_AND_OTHER_BITS = 0o077;
const UNUSABLE_DIR_CODES = new Set(['EEXIST', 'ENOTDIR', 'ENOENT', 'EACCES', 'EPERM', 'EROFS']);

/**
 * Returns the path of the data directory. With `writable`, creates it when it does not exist.
 *
 * @throws {ConfigError} when it is not a folder, or this user lacks a permission
 */
export async function openDataDir(setting: string, { writable }: { writable: boolean }): Promise<string> {
  const path = resolve(setting);
  try {
    if (writable) await mkdir(path, { recursive: true, mode: 0o700 });
    await access(path, constants.R_OK | constants.X_OK | (writable ? constants.W_OK : 0));
  } catch (error) {
    // A process that stores nothing needs neither the directory nor a writable file system.
    if (!writable && (error as NodeJS.ErrnoException).code === 'ENOENT') return path;
    if (!UNUSABLE_DIR_CODES.has((error as NodeJS.ErrnoException).code ?? '')) throw error;
    throw new ConfigError(
      `GREENROOM_DATA_DIR=${path} is not a folder that this user can ${writable ? 'write to' : 'read'}.`,
      {
        cause: error,
      },
    );
  }
  return path;
}

/** Removes other users' permissions from the secrets in the data directory, and logs a warning for each. */
export async function protectSecrets(dataDir: string, log: Logger): Promise<void> {
  // Windows has other permissions.
  if (process.platform === 'win32') return;
  for (const name of SECRETS) {
    const path = join(dataDir, name);
    const found = await stat(path).catch(() => null);
    if (found === null || (found.mode & GROUP_AND_OTHER_BITS) === 0) continue;
    const now = await chmod(path, 0o600).then(
      () => 'Now only this user can',
      () => `Its permissions cannot be changed: run "chmod 600 ${path}" as its owner`,
    );
    log.warn(`Other users could read ${path}. ${now}. Replace the keys in it if one may have been read.`);
  }
}
