import type { TestServer } from './test-server.ts';

/** Posts a body of which only the first byte arrives. */
export function silentBody(
  server: TestServer,
  path: string,
  key: string,
  contentType = 'application/json',
): Promise<Response> {
  const init = {
    method: 'POST',
    key,
    headers: { 'Content-Type': contentType },
    // `fetch` sends the headers with the first byte.
    body: new ReadableStream({ start: (body) => body.enqueue(Buffer.from('{')) }),
    duplex: 'half' as const,
  };
  return server.request(path, init);
}
