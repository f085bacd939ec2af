import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { skippable } from '@greenroom/testing';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';

import { findBinaries, type Binaries } from './binaries.ts';
import { clusterPath, ensureCluster } from './cluster.ts';
import { chooseRunner } from './runner.ts';

const isRoot = process.getuid?.() === 0;

let home: string;
let binaries: Binaries;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'greenroom-runner-'));
  for (const dir of ['bin', 'share', 'share/postgresql', 'data']) mkdirSync(join(home, dir));
  const program = join(home, 'bin', 'program');
  writeFileSync(program, '', { mode: 0o755 });
  writeFileSync(join(home, 'share', 'postgresql', 'postgres.bki'), '', { mode: 0o644 });
  binaries = { initdb: program, pg_ctl: program, postgres: program };
});
afterEach(() => rmSync(home, { recursive: true }));

const choose = (): ReturnType<typeof chooseRunner> =>
  chooseRunner(join(home, 'data'), join(home, 'data/postgres'), binaries);

const asUser = isRoot ? '' : 'it needs root';
const asRoot = isRoot ? 'it needs a user other than root' : '';
const withoutSetpriv =
  asUser !== '' || spawnSync('setpriv', ['--version']).status === 0 ? asUser : 'setpriv is not on the PATH';

(asUser === '' ? describe : describe.skip)(skippable('for root', asUser), () => {
  test('PostgreSQL runs as another user without additional rights', () => {
    chmodSync(home, 0o755);
    expect(choose().owner?.uid).toBeGreaterThan(0);
    expect(choose().prefix).toEqual([]);
  });
});

(withoutSetpriv === '' ? describe : describe.skip)(skippable('for root with setpriv', withoutSetpriv), () => {
  test('a user that cannot access the directory gets the capability to do so', () => {
    expect(choose().prefix[0]).toBe('setpriv');
    expect(choose().prefix.join(' ')).toContain('--ambient-caps=+dac_');
  });

  test('PostgreSQL can be initialised in a directory that only root can access', async () => {
    const { postgres } = findBinaries();
    cpSync(join(dirname(postgres), '..'), home, { recursive: true, verbatimSymlinks: true });
    const [initdb, pg_ctl] = ['initdb', 'pg_ctl'].map((name) => join(home, 'bin', name));
    const copies = { initdb: initdb ?? '', pg_ctl: pg_ctl ?? '', postgres: join(home, 'bin', 'postgres') };
    const dataDir = join(home, 'data');
    await ensureCluster(dataDir, chooseRunner(dataDir, clusterPath(dataDir), copies), copies);
    expect(existsSync(join(clusterPath(dataDir), 'PG_VERSION'))).toBe(true);
  });
});

(asRoot === '' ? describe : describe.skip)(skippable('for any other user', asRoot), () => {
  test('PostgreSQL runs as that user', () => {
    expect(choose()).toEqual({ prefix: [] });
  });
});
