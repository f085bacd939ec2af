import { operationsOf, type OpenApiDocument, type OperationObject } from '@greenroom/contract/document';
import { reasonWithout, skippable } from '@greenroom/testing';
import { afterAll, beforeAll, expect, test } from '@jest/globals';

import { samplesOf, type Sample } from '../../src/machine/samples/samples.ts';
import { startEchoServer, type Echo } from '../harness/echo-server.ts';
import { runSample } from '../harness/run-sample.ts';

/** Characters that are special in a shell, a template or a URL. */
const NASTY = `it's "$HOME" \`id\` \${x} \\ & + % ! é 中`;

let echo: Awaited<ReturnType<typeof startEchoServer>>;
beforeAll(async () => {
  echo = await startEchoServer();
});
afterAll(async () => {
  await echo[Symbol.asyncDispose]();
});

function documentWith(operation: Partial<OperationObject>, path = '/v1/things'): OpenApiDocument {
  return {
    openapi: '3.1.0',
    info: { title: 'Toys', version: '1.0.0' },
    paths: { [path]: { post: { operationId: 'things.make', responses: { 200: ok }, ...operation } } },
    components: { schemas: {} },
  };
}
const ok = { description: 'A thing.', content: { 'application/json': { schema: { type: 'object' } } } };

async function samplesWith(operation: Partial<OperationObject>, path?: string): Promise<Sample[]> {
  const document = documentWith(operation, path);
  const samples = await Promise.all(operationsOf(document).map((one) => samplesOf(document, one)));
  return samples.flat();
}

/** Why samples in a language are skipped; empty when they run. */
const withoutTool = { sh: reasonWithout('CURL'), py: reasonWithout('PYTHON'), js: '' };

/** Returns the request that each sample sends, except the client's, which has no method for a toy. */
async function sent(operation: Partial<OperationObject>, path?: string): Promise<Echo[]> {
  const samples = (await samplesWith(operation, path)).filter(
    ({ id, language }) => id !== 'client' && withoutTool[language] === '',
  );
  const outcomes = await Promise.all(
    samples.map((sample) => runSample(sample, { url: echo.url, key: 'sk_test_1' })),
  );
  return outcomes.map(({ printed: [value] }) => value as Echo);
}

for (const [language, reason] of Object.entries(withoutTool)) {
  if (reason === '') continue;
  test.skip(skippable(`the requests of the samples in ${language}`, reason), () => undefined);
}

test('a body arrives exactly as its example, with any characters', async () => {
  const value = { name: NASTY, nested: [{ "it's": null }] };
  const requestBody = { content: { 'application/json': { examples: { first: { value } } } } };
  for (const { body } of await sent({ requestBody })) expect(body).toEqual(value);
});

test.each(['@home', '<script>', 'one;type=text/html', NASTY])(
  'a field of a form arrives as %p',
  async (name) => {
    const schema = { properties: { image: { format: 'binary' }, name: { type: 'string' } } };
    const media = { schema, examples: { first: { value: { image: '(the bytes of host.jpg)', name } } } };
    for (const { body } of await sent({ requestBody: { content: { 'multipart/form-data': media } } })) {
      expect(body).toEqual({ image: 'host.jpg', name });
    }
  },
);

test('parameters arrive exactly as in their examples', async () => {
  const schema = { type: 'string' };
  const parameters = [
    { name: 'thing_id', in: 'path' as const, required: true, schema, example: NASTY },
    { name: 'tag', in: 'query' as const, required: true, schema, example: ['a b', NASTY] },
    { name: 'X-Mood', in: 'header' as const, required: true, schema, example: "it's fine" },
    { name: 'limit', in: 'query' as const, schema: { type: 'integer' }, example: 5 },
    { name: 'starting_after', in: 'query' as const, schema, example: 'thing_1' },
  ];
  for (const { target, headers } of await sent({ parameters }, '/v1/things/{thing_id}')) {
    const url = new URL(target, echo.url);
    expect(decodeURIComponent(url.pathname.split('/').at(-1) ?? '')).toBe(NASTY);
    expect([...url.searchParams]).toEqual([
      ['tag', 'a b'],
      ['tag', NASTY],
      ['limit', '5'],
    ]);
    expect(headers['x-mood']).toBe("it's fine");
  }
});

test('the key is sent only where the operation needs one', async () => {
  for (const { headers } of await sent({ security: [{ apiKey: [] }] })) {
    expect(headers['authorization']).toBe('Bearer sk_test_1');
  }
  for (const { headers } of await sent({ security: [] })) expect(headers).not.toHaveProperty('authorization');
});

test('an operation that lacks a required example has no sample, and the error says so', async () => {
  const parameters = [{ name: 'q', in: 'query' as const, required: true, schema: { type: 'string' } }];
  await expect(samplesWith({ parameters })).rejects.toThrow('The parameter q has no example.');
});
