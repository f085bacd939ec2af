import {
  errorTable,
  failureCodeValues,
  lifecycle,
  operationTable,
  sessionStatusValues,
} from '@greenroom/contract';
import { type OperationObject, operationsOf, publicDocument, valuesOf } from '@greenroom/contract/document';
import { describe, expect, test } from '@jest/globals';

import { distinctEdges } from '../src/pages/lifecycle-figure.ts';
import { site } from '../src/site/site.ts';

const files = new Map((await site()).map(({ path, content }) => [path, content.toString()]));
const paths = [...files.keys()];
const pages = paths.filter((path) => path.endsWith('.html'));
const textOf = (path: string) => files.get(path) ?? '';
const namesBelow = (folder: string) =>
  paths.flatMap((path) => new RegExp(`^${folder}/([^/]+)/index\\.html$`).exec(path)?.[1] ?? []).sort();

/** Whether a file is ours, and not a third party's program. */
const isOurs = (path: string) => !path.startsWith('assets/scalar.');
/** Shows a trace, whose spans also have the names of internal operations. */
const isTrace = (path: string) => path.startsWith('guides/traces/');

test('every public operation has a page and no internal one is mentioned anywhere', () => {
  const operations = Object.entries(operationTable);
  expect(namesBelow('operations')).toEqual(
    operations
      .filter(([, { internal }]) => !internal)
      .map(([id]) => id)
      .sort(),
  );
  const internal = operations.filter(([, operation]) => operation.internal);
  expect(internal.length).toBeGreaterThan(0);
  const internalPaths = internal.map(([, { path }]) => path);
  for (const path of paths.filter(isOurs)) {
    const ids = isTrace(path) ? [] : internal.map(([id]) => id);
    const secret = [...ids, ...internalPaths, '/internal/v1', 'x-internal'];
    const mentioned = secret.filter((word) => textOf(path).includes(word));
    expect({ path, mentioned }).toEqual({ path, mentioned: [] });
  }
});

test('every webhook of the document is on its page, with its body', () => {
  const page = textOf('webhooks/index.md');
  const types = Object.keys(publicDocument().webhooks ?? {});
  expect(types.length).toBeGreaterThan(5);
  for (const type of types) expect(page).toMatch(new RegExp(`^## ${type}$[^]*?"type": "${type}"`, 'm'));
});

test('the error codes of the document, of the table and of the pages are the same', () => {
  const inDocument = (valuesOf(publicDocument().components.schemas['ErrorCode']) ?? []).map(String).sort();
  expect(namesBelow('errors')).toEqual(inDocument);
  for (const code of inDocument) {
    const entry = errorTable[code as keyof typeof errorTable];
    const page = textOf(`errors/${code}/index.md`);
    const { status, type, title, cause, action, example } = entry;
    for (const word of [code, String(status), type, title, cause, action]) {
      expect(page).toContain(word);
    }
    expect(page).toContain(`"message": ${JSON.stringify(example.message)}`);
  }
});

test('the failure codes of the document and of the pages are the same', () => {
  expect(namesBelow('failures')).toEqual([...failureCodeValues].sort());
});

test('the diagram has every status and every transition of the document', () => {
  const page = textOf('guides/lifecycle/index.html');
  for (const status of sessionStatusValues) expect(page).toContain(`>${status}</text>`);
  const drawn = distinctEdges().map(({ from, to }) => `${from} ${to}`);
  for (const { from, to } of Object.values(lifecycle.transitions)) {
    for (const one of from) expect(drawn).toContain(`${one} ${to}`);
  }
});

describe('every page', () => {
  test('is also available as Markdown and listed in llms.txt', () => {
    const list = textOf('llms.txt');
    for (const path of pages.filter((page) => !/^(404\.html|reference\/|playground\/)/.test(page))) {
      const markdown = path.replace('.html', '.md');
      expect(textOf(markdown)).toMatch(/^# .+\n/);
      expect(list).toContain(`](${markdown})`);
    }
  });

  test.each(pages)('links only to pages that exist: %s', (page) => {
    const folder = new URL(page, 'file:///');
    const targets = [...textOf(page).matchAll(/\b(?:href|src|data-\w+)="(\.[^"]*|[\w./-]+)"/g)]
      .map(([, target = '']) => target)
      .filter((target) => !target.startsWith('#') && /[/.]/.test(target));
    const missing = targets.filter((target) => {
      const { pathname } = new URL(target, folder);
      const path = decodeURIComponent(pathname.slice(1));
      return !files.has(path) && !files.has(`${path}index.html`);
    });
    expect(missing).toEqual([]);
  });

  test('links to headings that exist', () => {
    for (const page of pages) {
      const anchors = [...textOf(page).matchAll(/href="#([^"]+)"/g)].map(([, anchor = '']) => anchor);
      const missing = anchors.filter((anchor) => !textOf(page).includes(`id="${anchor}"`));
      expect({ page, missing }).toEqual({ page, missing: [] });
    }
  });

  test('makes no external requests', () => {
    for (const page of pages) {
      const outside = textOf(page).match(
        /<(?:script|link|img|iframe|source)\b[^>]*(?:src|href)="(?:https?:)?\/\/[^"]*"/g,
      );
      expect({ page, outside }).toEqual({ page, outside: null });
    }
  });
});

test('the same document makes a byte-identical site', async () => {
  for (const { path, content } of await site()) expect(content.toString() === textOf(path)).toBe(true);
});

test('a new operation of the document has a page, and is in the navigation and the search', async () => {
  const TOY: OperationObject = {
    operationId: 'toys.wind',
    tags: ['Sessions'],
    summary: 'Wind a toy',
    description: 'Turn its key.',
    security: [],
    responses: { 204: { description: 'It runs.' } },
  };
  const document = publicDocument();
  document.paths['/v1/toys'] = { post: TOY };
  expect(operationsOf(document).map(({ object }) => object)).toContain(TOY);
  const made = new Map((await site(document)).map(({ path, content }) => [path, content.toString()]));
  expect(made.get('operations/toys.wind/index.html')).toContain('Turn its key.');
  expect(made.get('index.html')).toContain('Wind a toy');
  expect(made.get('llms.txt')).toContain('operations/toys.wind/index.md');
  expect(made.get('postman.json')).toContain('Wind a toy');
  const search = [...made].find(([path]) => path.startsWith('assets/search.'))?.[1];
  expect(search).toContain('/operations/toys.wind/');
});
