import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

import { announcesLimits } from '../harness/rate-limit.ts';
import { SignInCodes, startTestServer, type TestServer } from '../harness/test-server.ts';

const FILES: Record<string, string | Buffer> = {
  'index.html': '<h1>Start</h1>',
  'index.html.gz': gzipSync('<h1>Start</h1>'),
  '404.html': '<a href="./">To the start</a>',
  'favicon.svg': '<svg/>',
  'llms.txt': '# Greenroom',
  'sitemap.xml': '<loc>./errors/</loc>',
  'postman.json': '{"value":"http://localhost:4000"}',
  'errors/session.not_found/index.html': '<h1>No such session</h1>',
  'errors/session.not_found/index.md': '# No such session',
  'assets/site.0123.js': 'void 0;',
  'openapi.yaml': 'openapi: 3.1.0',
};

const CONSOLE = '<base href="./" /><script type="module" src="./assets/index-0123.js"></script>';
const CONSOLE_FILES: Record<string, string | Buffer> = {
  'index.html': CONSOLE,
  'index.html.gz': gzipSync(CONSOLE),
  'assets/index-0123.js': 'void 0;',
  'assets/index-0123.js.gz': gzipSync('void 0;'),
};
const signInCodes = new SignInCodes();

let folder: string;
let server: TestServer;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'greenroom-docs-'));
  const docsDir = join(folder, 'docs');
  const consoleDir = join(folder, 'console');
  await writeFiles(docsDir, FILES);
  await writeFiles(consoleDir, CONSOLE_FILES);
  server = await startTestServer({ docsDir, consoleDir, signInCodes });
});
afterAll(async () => {
  await server.close();
  await rm(folder, { recursive: true });
});

async function writeFiles(root: string, files: Record<string, string | Buffer>): Promise<void> {
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), content);
  }
}

const get = (path: string, headers: Record<string, string> = {}) =>
  fetch(new URL(path, server.url), { headers, redirect: 'manual' });

test.each([
  ['/docs/', 'text/html; charset=utf-8', '<h1>Start</h1>'],
  ['/docs/errors/session.not_found/', 'text/html; charset=utf-8', '<h1>No such session</h1>'],
  ['/docs/errors/session.not_found/index.md', 'text/markdown; charset=utf-8', '# No such session'],
  ['/docs/assets/site.0123.js', 'text/javascript; charset=utf-8', 'void 0;'],
  ['/docs/llms.txt', 'text/plain; charset=utf-8', '# Greenroom'],
  ['/docs/favicon.svg', 'image/svg+xml', '<svg/>'],
  ['/docs/openapi.yaml', 'application/yaml', 'openapi: 3.1.0'],
])('%s is served as %s', async (path, type, text) => {
  const response = await get(path);
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toBe(type);
  expect(announcesLimits(response.headers)).toBe(true);
  expect(await response.text()).toBe(text);
});

test.each([
  ['/docs', '/docs/'],
  ['/docs/errors/session.not_found', '/docs/errors/session.not_found/'],
  ['/favicon.ico', '/docs/favicon.svg'],
  ['/llms.txt', '/docs/llms.txt'],
])('%s leads to %s', async (path, to) => {
  const response = await get(path);
  expect([302, 308]).toContain(response.status);
  const location = response.headers.get('location') ?? '';
  expect(new URL(location, response.url).pathname).toBe(to);
  // The same below the path of a reverse proxy, which the server does not know.
  expect(new URL(location, `http://proxy.example/greenroom${path}`).pathname).toBe(`/greenroom${to}`);
});

test('search engines get only the addresses of the pages on this server', async () => {
  const robots = await (await get('/robots.txt')).text();
  expect(robots).toBe(`User-agent: *\nAllow: /docs/\nDisallow: /\nSitemap: ${server.url}/docs/sitemap.xml\n`);
  const sitemap = await get('/docs/sitemap.xml');
  expect(sitemap.headers.get('content-type')).toBe('application/xml; charset=utf-8');
  expect(await sitemap.text()).toBe(`<loc>${server.url}/docs/errors/</loc>`);
});

test('the Postman collection has the address of this server', async () => {
  const collection = await get('/docs/postman.json');
  expect(collection.headers.get('content-type')).toBe('application/json; charset=utf-8');
  expect(await collection.json()).toEqual({ value: server.url });
});

test('/ redirects a browser to the documentation, and is an unknown path for a program', async () => {
  const browser = await get('/', { Accept: 'text/html,application/xhtml+xml,*/*;q=0.8' });
  expect([browser.status, browser.headers.get('location')]).toEqual([302, 'docs/']);
  expect((await get('/')).status).toBe(404);
});

describe('a page', () => {
  test('is revalidated each time, and not sent again when unchanged', async () => {
    const { headers } = await get('/docs/');
    expect(headers.get('cache-control')).toBe('public, max-age=0, must-revalidate');
    const etag = headers.get('etag') ?? '';
    expect(etag).toMatch(/^"[\w-]{43}"$/);
    expect((await get('/docs/', { 'If-None-Match': etag })).status).toBe(304);
  });

  test('is compressed for clients that accept it, with another ETag', async () => {
    const plain = await get('/docs/', { 'Accept-Encoding': 'identity' });
    const compressed = await get('/docs/', { 'Accept-Encoding': 'gzip' });
    expect(plain.headers.get('content-encoding')).toBeNull();
    expect(compressed.headers.get('content-encoding')).toBe('gzip');
    expect(await compressed.text()).toBe('<h1>Start</h1>');
    expect(compressed.headers.get('etag')).not.toBe(plain.headers.get('etag'));
    expect(compressed.headers.get('vary')).toContain('Accept-Encoding');
  });

  test('may load only from this server', async () => {
    const policy = (await get('/docs/')).headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'self';");
    expect(policy).not.toMatch(/https?:|unsafe-eval|\*/);
  });
});

test('a file whose name changes with its content is immutable for caches', async () => {
  const { headers } = await get('/docs/assets/site.0123.js');
  expect(headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
});

describe('an unknown path', () => {
  test.each([
    ['/docs/nope', './'],
    ['/docs/a/b/c/', '../../../'],
  ])('is a 404 page for a browser, at any depth: %s', async (path, root) => {
    const response = await get(path, { Accept: 'text/html,application/xhtml+xml,*/*;q=0.8' });
    expect(response.status).toBe(404);
    expect(await response.text()).toBe(`<a href="${root}">To the start</a>`);
  });

  test('is an API error at a depth where its links would be longer than the page', async () => {
    const response = await get(`/docs${'/'.repeat(15_000)}`, { Accept: 'text/html' });
    expect(response.status).toBe(404);
    expect((await response.text()).length).toBeLessThan(1_000);
  });

  test.each(['/docs/nope', '/docs/index.html.gz', '/docs/..%2f..%2fetc/passwd', '/docs/%00'])(
    'is an API error for a program: %s',
    async (path) => {
      const response = await get(path);
      expect(response.status).toBe(404);
      expect(await response.json()).toMatchObject({ error: { code: 'route.not_found' } });
    },
  );
});

describe('an error', () => {
  test('links to the page of its code', async () => {
    const response = await server.request('/v1/sessions/sess_00000000000000000000000000');
    const { error } = (await response.json()) as { error: { message: string } };
    const page = `${server.url}/docs/errors/session.not_found/`;
    expect(error.message.endsWith(` See ${page}.`)).toBe(true);
    expect(response.headers.get('link')).toBe(`<${page}>; rel="help"`);
  });

  test('has no link when its code has no page', async () => {
    const response = await server.request('/v1/sessions?limit=0');
    expect(await response.text()).not.toContain('/docs/');
    expect(response.headers.get('link')).toBeNull();
  });
});

describe('the console', () => {
  const accept = 'text/html,*/*;q=0.8';

  test.each([
    ['/console/', './'],
    ['/console/sessions', './'],
    ['/console/sessions/sess_0', '../'],
    ['/console/developers/webhooks/whe_0', '../../'],
  ])('%s is its page, with the base address %s', async (path, base) => {
    const response = await get(path, { accept });
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(response.headers.get('content-security-policy')).toMatch(/script-src 'self'; style-src 'self';/);
    expect(response.headers.get('cache-control')).toMatch(/no-store|must-revalidate/);
    expect(await response.text()).toBe(CONSOLE.replace('./', base));
  });

  test('/console redirects to its page, files are compressed and cacheable, and an unknown file is an error', async () => {
    const bare = await get('/console');
    expect([bare.status, bare.headers.get('location')]).toEqual([308, 'console/']);
    const file = await get('/console/assets/index-0123.js', { accept });
    expect(file.headers.get('content-encoding')).toBe('gzip');
    expect(file.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    expect(await file.text()).toBe('void 0;');
    for (const [path, headers] of [
      ['/console/assets/index-4567.js', { accept }],
      ['/console/sessions', { accept: 'application/json' }],
    ] as const) {
      const response = await get(path, headers);
      expect([path, response.status]).toEqual([path, 404]);
    }
  });

  test('a code is exchanged for the keys only from this machine, not through a proxy', async () => {
    const keys = { test_key: 'sk_test_example', live_key: 'sk_live_example' };
    const exchange = (body: string, headers: Record<string, string> = {}) =>
      fetch(new URL('/console/sign-in-code', server.url), {
        method: 'POST',
        headers: { 'Content-Type': 'text/plain', ...headers },
        body,
      });
    const code = signInCodes.issue(keys);
    for (const name of ['X-Forwarded-For', 'Forwarded']) {
      expect((await exchange(code, { [name]: 'for=192.0.2.1' })).status).toBe(404);
    }
    expect((await exchange('x'.repeat(22))).status).toBe(404);
    expect((await exchange('x'.repeat(10_000))).status).toBe(404);
    const response = await exchange(code);
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(await response.json()).toEqual(keys);
    expect(server.logLines.join()).not.toContain(code);
  });
});
