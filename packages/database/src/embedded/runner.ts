import { spawnSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';

import type { Binaries } from './binaries.ts';
import type { Runner } from './run.ts';

type Owner = NonNullable<Runner['owner']>;

/**
 * How to run PostgreSQL for the cluster in `dataDir`. PostgreSQL refuses to run as root; root therefore runs it as
 * the cluster's owner, else as `postgres` where that user exists, else as `nobody`. Where that user cannot reach the
 * programs or the data (a checkout under a private directory), it is given the capability to pass directories, and
 * where it cannot execute the programs either (unpacked under a strict umask), the one to ignore permissions.
 * Throws when none of this is possible.
 */
export function chooseRunner(dataDir: string, clusterDir: string, binaries: Binaries): Runner {
  if (process.getuid?.() !== 0) return { prefix: [] };
  const owner = clusterOwner(clusterDir) ?? userIds('postgres') ?? userIds('nobody');
  if (!owner) {
    throw new Error(
      'The embedded PostgreSQL cannot run as root, and there is no user "postgres" or "nobody" to run it as. ' +
        'Start Greenroom as another user, or set DATABASE_URL.',
    );
  }
  const prefixes = [[], withCapability(owner, 'dac_read_search'), withCapability(owner, 'dac_override')];
  const runner = prefixes
    .map((prefix) => ({ owner, prefix }))
    .find((candidate) => canReach(candidate, dataDir, binaries));
  if (runner) return runner;
  throw new Error(
    `The embedded PostgreSQL cannot run as root, and the user it runs as instead (uid ${owner.uid}) cannot reach ` +
      `${dataDir} or ${dirname(binaries.postgres)}. Start Greenroom as another user, move both to a place that ` +
      'all users can enter, install setpriv (util-linux), or set DATABASE_URL.',
  );
}

// A cluster made by another user stays theirs when root starts it later.
function clusterOwner(clusterDir: string): Owner | undefined {
  if (!existsSync(clusterDir)) return undefined;
  const { uid, gid } = statSync(clusterDir);
  return uid === 0 ? undefined : { uid, gid };
}

function userIds(name: string): Owner | undefined {
  const id = (flag: string): number =>
    Number.parseInt(spawnSync('id', [flag, name], { encoding: 'utf8' }).stdout, 10);
  const [uid, gid] = [id('-u'), id('-g')];
  return uid > 0 && gid > 0 ? { uid, gid } : undefined;
}

function withCapability({ uid, gid }: Owner, capability: string): string[] {
  return [
    'setpriv',
    `--reuid=${uid}`,
    `--regid=${gid}`,
    '--clear-groups',
    `--inh-caps=+${capability}`,
    `--ambient-caps=+${capability}`,
    // PostgreSQL looks for its programs by access(2), which without this disregards the capabilities of all but root.
    '--securebits=+no_setuid_fixup',
  ];
}

function canReach(
  { owner, prefix }: { owner: Owner; prefix: readonly string[] },
  dataDir: string,
  binaries: Binaries,
): boolean {
  const share = join(dirname(binaries.postgres), '..', 'share', 'postgresql', 'postgres.bki');
  const script = 'test -x "$1" && test -r "$2" && test -x "$3"';
  const [command, ...args] = [...prefix, '/bin/sh', '-c', script, 'sh', binaries.postgres, share, dataDir];
  return spawnSync(command, args, { cwd: '/', ...(prefix.length === 0 && owner) }).status === 0;
}
