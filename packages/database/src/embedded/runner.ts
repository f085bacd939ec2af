import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Binaries } from './binaries.ts';
import type { Runner } from './run.ts';

const CAPABILITIES = [
  { name: 'dac_read_search', bit: 2n },
  { name: 'dac_override', bit: 1n },
];

/**
 * How to run PostgreSQL for the cluster in `dataDir`. PostgreSQL refuses to run as root; root therefore runs it as
 * the cluster's owner, else as `postgres` where that user exists, else as `nobody`. Where that user cannot reach the
 * programs or the data (a checkout under a private directory), it is given the capability to pass directories.
 * Throws when neither is possible.
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
  if (canReach(owner, dataDir, binaries)) return { owner, prefix: [] };
  const prefix = setpriv(owner);
  if (prefix) return { owner, prefix };
  throw new Error(
    `The embedded PostgreSQL cannot run as root, and the user it runs as instead (uid ${owner.uid}) cannot reach ` +
      `${dataDir} or ${dirname(binaries.postgres)}. Start Greenroom as another user, move both to a place that ` +
      'all users can enter, install setpriv (util-linux), or set DATABASE_URL.',
  );
}

// A cluster made by another user stays theirs when root starts it later.
function clusterOwner(clusterDir: string): Runner['owner'] {
  if (!existsSync(clusterDir)) return undefined;
  const { uid, gid } = statSync(clusterDir);
  return uid === 0 ? undefined : { uid, gid };
}

function userIds(name: string): Runner['owner'] {
  const id = (flag: string): number =>
    Number.parseInt(spawnSync('id', [flag, name], { encoding: 'utf8' }).stdout, 10);
  const [uid, gid] = [id('-u'), id('-g')];
  return uid > 0 && gid > 0 ? { uid, gid } : undefined;
}

function canReach(owner: NonNullable<Runner['owner']>, dataDir: string, binaries: Binaries): boolean {
  const share = join(dirname(binaries.postgres), '..', 'share', 'postgresql', 'postgres.bki');
  const script = 'test -x "$1" && test -r "$2" && test -x "$3"';
  const args = ['-c', script, 'sh', binaries.postgres, share, dataDir];
  return spawnSync('/bin/sh', args, { ...owner, cwd: '/' }).status === 0;
}

function setpriv({ uid, gid }: NonNullable<Runner['owner']>): string[] | undefined {
  const capability = CAPABILITIES.find(({ bit }) => heldCapabilities() & (1n << bit))?.name;
  if (!capability) return undefined;
  const prefix = [
    'setpriv',
    `--reuid=${uid}`,
    `--regid=${gid}`,
    '--clear-groups',
    `--inh-caps=+${capability}`,
    `--ambient-caps=+${capability}`,
  ];
  const trial = spawnSync('setpriv', [...prefix.slice(1), 'true'], { cwd: '/' });
  return trial.status === 0 ? prefix : undefined;
}

function heldCapabilities(): bigint {
  try {
    const status = readFileSync('/proc/self/status', 'utf8');
    return BigInt(`0x${/^CapPrm:\s*([0-9a-f]+)$/m.exec(status)?.[1] ?? '0'}`);
  } catch {
    return 0n;
  }
}
