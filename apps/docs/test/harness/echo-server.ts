import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** A received request: its target, headers and body; the body of a form as its fields. */
export interface Echo {
  target: string;
  headers: Record<string, string>;
  body: unknown;
}

/** Starts a server that responds to each request with the request itself. */
export async function startEchoServer(): Promise<{ url: string } & AsyncDisposable> {
  const server = createServer((request, response) => {
    const headers = request.headers as Record<string, string>;
    const type = headers['content-type'] ?? '';
    const body = text(request).then((sent) => {
      if (type.startsWith('multipart/')) return fieldsOf(sent, type);
      return sent === '' ? null : (JSON.parse(sent) as unknown);
    });
    body.then(
      (value) => {
        const echo: Echo = { target: request.url ?? '', headers, body: value };
        response.setHeader('Content-Type', 'application/json').end(JSON.stringify(echo));
      },
      () => response.destroy(),
    );
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Returns the fields of a form, with the name of each file as its value. */
function fieldsOf(form: string, contentType: string): Record<string, string> {
  const boundary = contentType.replace(/^.*boundary=/, '');
  const parts = form.split(`--${boundary}`).slice(1, -1);
  return Object.fromEntries(
    parts.map((part) => {
      const [head = '', ...value] = part.trim().split('\r\n\r\n');
      const file = /filename="([^"]*)"/.exec(head)?.[1];
      return [/name="([^"]*)"/.exec(head)?.[1] ?? '', file ?? value.join('\r\n\r\n')];
    }),
  );
}
