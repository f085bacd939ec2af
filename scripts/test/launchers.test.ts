import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';

import { launchersOf } from '../launchers.mjs';
import { root } from './repository.ts';

jest.setTimeout(60_000);

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'greenroom-launchers-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('the launchers are the package managers above a process and the shells between them, but not a terminal', () => {
  const processes = new Map([
    [1, { parent: 0, command: '/sbin/init' }],
    [2, { parent: 1, command: '/bin/bash -c npx -y pnpm@12 start' }],
    [3, { parent: 2, command: 'npm exec pnpm@12 start' }],
    [4, { parent: 3, command: "sh -c 'pnpm' start" }],
    [5, { parent: 4, command: '/usr/bin/node /cache/pnpm/bin/pnpm.cjs start' }],
    [6, { parent: 5, command: 'sh -c node scripts/start.mjs' }],
    [7, { parent: 6, command: 'node scripts/start.mjs' }],
    [8, { parent: 2, command: 'node scripts/start.mjs' }],
  ]);
  expect(launchersOf(7, processes)).toEqual([6, 5, 4, 3]);
  expect(launchersOf(8, processes)).toEqual([]);
});

test('a process stops when the package manager that launched it is killed', async () => {
  const launchers = pathToFileURL(join(root, 'scripts/launchers.mjs')).href;
  const program = join(folder, 'program.mjs');
  writeFileSync(
    program,
    `import { stopWithLaunchers } from '${launchers}';
     process.on('SIGHUP', () => { console.log('stopped'); process.exit(); });
     setInterval(() => undefined, 1000);
     stopWithLaunchers();
     console.log('started');`,
  );
  const manager = join(folder, 'pnpm.cjs');
  writeFileSync(
    manager,
    `require('node:child_process').spawn(process.execPath, ['${program}'], { stdio: 'inherit' });`,
  );
  const child = spawn(process.execPath, [manager], { stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  while (!output.includes('started')) await once(child.stdout, 'data');
  child.kill('SIGKILL');
  await once(child.stdout, 'end');
  expect(output).toBe('started\nstopped\n');
});
