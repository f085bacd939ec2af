import { spawnSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';

import type { Binaries } from './binaries.ts';
import type { Runner } from './run.ts';

type Owner = NonNullable<Runner['owner']>;

/**
 * Returns how to run PostgreSQL for the cluster in `dataDir`. PostgreSQL refuses to run as root, so root runs it as the
 * owner of the cluster, else as the user `postgres`, else as `nobody`. When that user cannot reach the programs or the
 * data (a checkout in a private directory), it gets the capability to traverse directories. When it still cannot
 * execute the programs (unpacked with a strict umask), it gets the capability to bypass permissions.
 *
 * @throws {Error} when none of this works
 */
export function chooseRunner(dataDir: string, clusterDir: string, binaries: Binaries): Runner {
  if (process.getuid?.() !== 0) return { prefix: [] };
  const owner = clusterOwner(clusterDir) ?? userIds('postgres') ?? userIds('nobody');
  if (!owner) {
    throw new Error(
      'The embedded PostgreSQL cannot run as root, and neither a user "postgres" nor "nobody" exists. ' +
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
      `${dataDir} or ${dirname(binaries.postgres)}. Start Greenroom as another user, move both to a directory that ` +
      'all users can access, install setpriv (util-linux), or set DATABASE_URL.',
  );
}

// A cluster that another user created keeps its owner when root starts it.
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
    // PostgreSQL checks its programs with access(2), which otherwise ignores the capabilities of users other than root.
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
