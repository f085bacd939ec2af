import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** The reaction of the server to one request: a response or a failure. */
export type Step =
  | { status: number; headers?: Record<string, string>; json?: unknown; body?: string }
  | 'drop'
  | 'drop in the middle'
  | 'hang';

export interface SeenRequest {
  method: string;
  url: string;
  headers: IncomingHttpHeaders;
  body: string;
  atMs: number;
}

export interface ScriptedServer extends AsyncDisposable {
  readonly baseUrl: string;
  /** The requests so far, in the order of arrival. */
  readonly seen: SeenRequest[];
}

/**
 * Starts a server that performs one step of a script for each request, and repeats the last one. It has no event stream,
 * and does not count requests for it.
 */
export async function scriptedServer(...script: [Step, ...Step[]]): Promise<ScriptedServer> {
  const seen: SeenRequest[] = [];
  const server = createServer((request, response) => {
    if (request.url?.startsWith('/v1/events/stream')) {
      // Like a server of a version that has no stream.
      response.writeHead(404).end();
      return;
    }
    const step = script[Math.min(seen.length, script.length - 1)] ?? 'drop';
    describe(request)
      .then((described) => {
        seen.push(described);
        take(step, response);
      })
      .catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    baseUrl: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`,
    seen,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function describe(request: IncomingMessage): Promise<SeenRequest> {
  const { method = '', url = '', headers } = request;
  return { method, url, headers, body: await text(request), atMs: Date.now() };
}

function take(step: Step, response: ServerResponse): void {
  if (step === 'hang') return;
  if (step === 'drop') {
    response.destroy();
  } else if (step === 'drop in the middle') {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' });
    response.write('{"object":', () => response.destroy());
  } else {
    const type = step.json === undefined ? 'text/html' : 'application/json';
    response.writeHead(step.status, { 'content-type': type, ...step.headers });
    response.end(step.json === undefined ? step.body : JSON.stringify(step.json));
  }
}
