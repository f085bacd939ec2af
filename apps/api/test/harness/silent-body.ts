import type { TestServer } from './test-server.ts';

/** Posts only the first byte of a body. */
export function silentBody(
  server: TestServer,
  path: string,
  key: string,
  contentType = 'application/json',
  method = 'POST',
): Promise<Response> {
  const init = {
    method,
    key,
    headers: { 'Content-Type': contentType },
    // `fetch` sends the headers with the first byte.
    body: new ReadableStream({ start: (body) => body.enqueue(Buffer.from('{')) }),
    duplex: 'half' as const,
  };
  return server.request(path, init);
}
