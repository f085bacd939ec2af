import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';

import { manifests, read } from './repository.ts';

const workspace = parse(read('pnpm-workspace.yaml')) as { catalog: Record<string, string> };

test('every version of the catalog is exact', () => {
  const loose = Object.entries(workspace.catalog).filter(
    ([, version]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version),
  );
  expect(loose).toEqual([]);
});

test('every dependency has its version from the catalog or the workspace', () => {
  const others = [...manifests()].flatMap(([folder, { dependencies = {}, devDependencies = {} }]) =>
    Object.entries({ ...dependencies, ...devDependencies })
      .filter(([, version]) => version !== 'catalog:' && version !== 'workspace:*')
      .map(([name, version]) => `${folder}: ${name} ${version}`),
  );
  expect(others).toEqual([]);
});

test('every version of the catalog is used', () => {
  const used = new Set(
    [...manifests().values()].flatMap(({ dependencies, devDependencies }) =>
      Object.keys({ ...dependencies, ...devDependencies }),
    ),
  );
  expect(Object.keys(workspace.catalog).filter((name) => !used.has(name))).toEqual([]);
});

test('the root depends on a few tools that depend on next to nothing', () => {
  // Before each of the README's commands npx reads all that these depend on, for development too: with ESLint and Jest
  // among them it took longer than all else together.
  const tools = Object.keys(manifests().get('.')?.devDependencies ?? {});
  expect(tools.sort()).toEqual(['@types/node', 'prettier', 'tsx', 'turbo']);
});

test('the lock file names no address of a registry', () => {
  expect(read('pnpm-lock.yaml').match(/^.*(?:tarball:|https?:).*$/gm) ?? []).toEqual([]);
});

describe('packages of the workspace', () => {
  // A package may depend on what stands before it. Nothing may depend on the scripts.
  const layers = [
    /^openapi$/,
    /^packages\/(contract|testing)$/,
    /^packages\/(client|compatibility|database)$/,
    /^apps\/(api|worker)$/,
    // The portal tries its samples against the server.
    /^apps\/docs$/,
    /^(scripts|\.)$/,
  ];
  const folders = new Map([...manifests()].map(([folder, { name }]) => [name, folder]));
  const layerOf = (folder: string) => layers.findIndex((layer) => layer.test(folder));
  const edges = [...manifests()].flatMap(([folder, { dependencies = {}, devDependencies = {} }]) =>
    Object.keys({ ...dependencies, ...devDependencies }).flatMap((name) => {
      const target = folders.get(name);
      return target === undefined ? [] : [{ folder, target }];
    }),
  );

  test('have a place in the order each', () => {
    expect([...folders.values()].filter((folder) => layerOf(folder) < 0)).toEqual([]);
  });

  test('depend in one direction, so without a cycle', () => {
    const against = edges.filter(({ folder, target }) => layerOf(target) >= layerOf(folder));
    expect(against).toEqual([]);
  });

  test('leave the client free of them when it is installed by a customer', () => {
    const dependencies = Object.keys(manifests().get('packages/client')?.dependencies ?? {});
    expect(dependencies).toEqual(['openapi-fetch']);
  });
});
