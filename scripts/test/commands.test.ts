import { describe, expect, test } from '@jest/globals';

import { files, manifests, read } from './repository.ts';

/** Commands of pnpm itself. */
const BUILT_IN = new Set(['install', 'exec', 'pack', 'deploy']);

const documents = files('*.md').filter((path) => !path.startsWith('openapi/'));

describe.each(documents)('%s', (path) => {
  const packages = manifests();

  test('names only pnpm commands that exist', () => {
    // Files outside of packages belong to the root.
    const own = packages.get(path.replace(/\/?[^/]*$/, '') || '.') ?? packages.get('.');
    const code = read(path).match(/```[^]*?```|`[^`\n]+`/g) ?? [];
    const commands = code.join('\n').matchAll(/\bpnpm(?:@\d+)? (?:--filter (\S+) )?(?:run )?([a-z][\w:-]*)/g);
    const missing = [...commands].filter(([, name, script = '']) => {
      const asked = name === undefined ? own : [...packages.values()].find((one) => one.name === name);
      return !BUILT_IN.has(script) && !(script in (asked?.scripts ?? {}));
    });
    expect(missing.map(([command]) => command)).toEqual([]);
  });

  test('links only to files that exist', () => {
    const folder = path.replace(/[^/]*$/, '');
    const links = [...read(path).matchAll(/\]\((?!\w+:|#|\/)([^)#\s]+)/g)].map(
      ([, target = '']) => folder + target,
    );
    const known = files();
    expect(
      links.filter((link) => !known.some((file) => file === link || file.startsWith(`${link}/`))),
    ).toEqual([]);
  });
});

test('the first command of the README starts Greenroom', () => {
  const [, firstCommand = ''] = /```sh\n(.*)\n/.exec(read('README.md')) ?? [];
  expect(firstCommand).toMatch(/^npx -y pnpm@\d+ start\b/);
});

test('scripts of packages name only files that exist', () => {
  const known = files();
  const missing = [...manifests()].flatMap(([folder, { scripts = {} }]) =>
    Object.values(scripts)
      .flatMap((script) => script.match(/(?<=\s)(?:\.\.\/)*[\w./-]+\.(?:mjs|ts|json|yaml)\b/g) ?? [])
      .filter((path) => !/(?:^|\/)(?:dist|node_modules)\//.test(path))
      .filter(
        (path) => !known.includes(resolvedFrom(folder, path)) && !known.includes(`apps/api/src/${path}`),
      ),
  );
  expect(missing).toEqual([]);
});

function resolvedFrom(folder: string, path: string): string {
  return new URL(path, `file:///${folder === '.' ? '' : `${folder}/`}`).pathname.slice(1);
}
