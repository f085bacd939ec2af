import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';

import { buildState } from '../build-state.mjs';

const SOURCE = 'packages/contract/src/index.ts';
let checkout: string;

beforeEach(() => {
  checkout = mkdtempSync(join(tmpdir(), 'greenroom-build-state-'));
  for (const path of ['openapi/openapi.yaml', 'apps/api/src/main.ts', 'scripts/generate/types.ts', SOURCE]) {
    write(path);
  }
  for (const path of ['package.json', 'pnpm-lock.yaml', 'pnpm-workspace.yaml']) write(path);
  for (const path of ['tsconfig.base.json', 'turbo.json']) write(path);
});
afterEach(() => rmSync(checkout, { recursive: true }));

function write(path: string, text = 'text'): void {
  mkdirSync(dirname(join(checkout, path)), { recursive: true });
  writeFileSync(join(checkout, path), text);
}

describe('the state of a checkout', () => {
  test('stays while nothing is written', () => {
    expect(buildState(checkout)).toEqual(buildState(checkout));
  });

  test.each([
    'openapi/openapi.yaml',
    'apps/api/src/main.ts',
    'scripts/generate/types.ts',
    'pnpm-lock.yaml',
    SOURCE,
  ])('differs once a file is written, be it with a text of the same length and the old time: %s', (path) => {
    const long = new Date('2020-01-01');
    utimesSync(join(checkout, path), long, long);
    const before = buildState(checkout);
    write(path, 'TEXT');
    utimesSync(join(checkout, path), long, long);
    const after = buildState(checkout);
    expect(after.sources).not.toBe(before.sources);
    expect(after.all).not.toBe(before.all);
  });

  test('differs once a file is added or removed', () => {
    const before = buildState(checkout);
    write('apps/api/src/sessions/new.ts');
    const added = buildState(checkout);
    rmSync(join(checkout, SOURCE));
    const removed = buildState(checkout);
    expect(new Set([before.sources, added.sources, removed.sources]).size).toBe(3);
    expect(new Set([before.all, added.all, removed.all]).size).toBe(3);
  });

  test('tells what a build makes from what it is made of', () => {
    const before = buildState(checkout);
    write('packages/contract/dist/index.js');
    write('packages/contract/src/generated/wire.ts');
    write('packages/contract/src/generated.sha256');
    const after = buildState(checkout);
    expect(after.sources).toBe(before.sources);
    expect(after.all).not.toBe(before.all);
    rmSync(join(checkout, 'packages/contract/dist'), { recursive: true });
    expect(buildState(checkout).all).not.toBe(after.all);
  });

  test('does not depend on what is installed or kept in hidden folders', () => {
    const before = buildState(checkout);
    write('apps/api/node_modules/express/index.js');
    write('apps/api/.turbo/build.log');
    expect(buildState(checkout)).toEqual(before);
  });
});
