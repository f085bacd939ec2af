import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

import { expect, test } from '@jest/globals';

import { files, manifests, root } from './repository.ts';

type Target = string | Record<string, string>;

const exported = [...manifests()].flatMap(([folder, { name, exports = {} }]) =>
  Object.entries(exports).flatMap(([subpath, target]) => expanded({ folder, name, subpath, target })),
);

interface Exported {
  folder: string;
  /** The specifier of an import. */
  specifier: string;
  target: Target;
}

/** Returns an export for each source file that matches a pattern such as `./testing/*`. */
function expanded({
  folder,
  name,
  subpath,
  target,
}: Omit<Exported, 'specifier'> & { name: string; subpath: string }) {
  const source = typeof target === 'string' ? target : (target['@greenroom/source'] ?? '');
  const [before = '', after = ''] = join(folder, source).split('*');
  const stars = source.includes('*')
    ? files(`${before}*${after}`)
        .map((path) => path.slice(before.length, path.length - after.length))
        .filter((star) => !star.includes('/') && !star.endsWith('.test'))
    : [''];
  const fill = (text: string, star: string) => text.replace('*', star);
  return stars.map((star): Exported => ({
    folder,
    specifier: fill(join(name, subpath), star),
    target:
      typeof target === 'string'
        ? fill(target, star)
        : Object.fromEntries(
            Object.entries(target).map(([condition, path]) => [condition, fill(path, star)]),
          ),
  }));
}

test('every export of a package has a source file', () => {
  const sources = exported.flatMap(({ folder, target }) => {
    // Programs are exported only in built form, because only a release runs them.
    const source =
      typeof target === 'string'
        ? target.replace(/^\.\/dist\/(.*)\.js$/, './src/$1.ts')
        : target['@greenroom/source'];
    return source === undefined ? [] : [join(folder, source)];
  });
  expect(sources.length).toBeGreaterThan(10);
  expect(sources.filter((source) => files(source).length === 0)).toEqual([]);
});

test('every file that a built package exports exists, including its types', () => {
  const built = exported.flatMap(({ folder, target }) =>
    typeof target === 'string'
      ? [join(folder, target)]
      : Object.entries(target).flatMap(([condition, path]) =>
          condition === '@greenroom/source' ? [] : [join(folder, path)],
        ),
  );
  expect(built.length).toBeGreaterThan(10);
  expect(built.filter((path) => !existsSync(join(root, path)))).toEqual([]);
});

test('every module that a built package exports can be imported by its name', () => {
  const modules = exported.filter(
    ({ target }) => typeof target !== 'string' && target['default'] !== undefined,
  );
  expect(modules.length).toBeGreaterThan(5);
  const failures = [...new Set(modules.map(({ folder }) => folder))].flatMap((folder) => {
    const specifiers = modules.filter((one) => one.folder === folder).map(({ specifier }) => specifier);
    // A package can import itself by its name.
    const program = `for (const specifier of ${JSON.stringify(specifiers)}) await import(specifier); process.exit()`;
    const { status, stderr } = spawnSync(process.execPath, ['--input-type=module', '--eval', program], {
      cwd: join(root, folder),
      encoding: 'utf8',
    });
    return status === 0 ? [] : [`${folder}: ${stderr}`];
  });
  expect(failures).toEqual([]);
}, 60_000);
