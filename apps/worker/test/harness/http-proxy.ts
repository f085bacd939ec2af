import { Agent, createServer, request, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

export interface ForwardedRequest {
  readonly path: string;
  readonly body: string;
}

/** A reverse proxy as in production: forwards each request to the first server that accepts connections. */
export interface HttpProxy extends AsyncDisposable {
  readonly url: string;
  /** Sets the servers, in this order of preference. */
  setServers(...urls: string[]): void;
  /** Runs `action` once, after the first matching request has been forwarded. Resolves with the request afterwards. */
  after(matches: Matches, action: () => void | Promise<void>): Promise<ForwardedRequest>;
  /** Runs `action` once instead of forwarding the first matching request, which never gets a response. */
  insteadOf(matches: Matches, action: () => void | Promise<void>): Promise<ForwardedRequest>;
}

export type Matches = (request: ForwardedRequest) => boolean;

interface Hook {
  moment: 'after' | 'insteadOf';
  matches: Matches;
  run: (request: ForwardedRequest) => Promise<void>;
}

export async function startHttpProxy(): Promise<HttpProxy> {
  const agent = new Agent({ keepAlive: true });
  const hooks = new Set<Hook>();
  let servers: string[] = [];

  const server = createServer((request, response) => {
    handle(request, response).catch(() => response.destroy());
  });

  /** Runs the first matching hook. Resolves with whether there was one. */
  async function runHook(moment: Hook['moment'], request: ForwardedRequest): Promise<boolean> {
    for (const hook of hooks) {
      if (hook.moment !== moment || !hook.matches(request)) continue;
      hooks.delete(hook);
      await hook.run(request);
      return true;
    }
    return false;
  }

  function addHook(moment: Hook['moment'], matches: Matches, action: () => void | Promise<void>) {
    return new Promise<ForwardedRequest>((resolve, reject) => {
      const run = async (request: ForwardedRequest) => {
        await Promise.resolve(action()).then(() => resolve(request), reject);
      };
      hooks.add({ moment, matches, run });
    });
  }

  async function handle(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await buffer(incoming);
    const request = { path: incoming.url ?? '', body: body.toString() };
    if (await runHook('insteadOf', request)) return;
    for (const [index, url] of servers.entries()) {
      if (await forwardTo(url, incoming, response, body, () => runHook('after', request))) return;
      if (index === servers.length - 1) response.destroy();
    }
  }

  /** Resolves with false when the server refuses the connection, so the next server can have the request. */
  function forwardTo(
    url: string,
    incoming: IncomingMessage,
    response: ServerResponse,
    body: Buffer,
    onSent: () => Promise<unknown>,
  ): Promise<boolean> {
    return new Promise((resolve) => {
      const { method = 'GET', url: path = '/', headers } = incoming;
      const outgoing = request(new URL(path, url), { method, headers, agent }, (received) => {
        response.writeHead(received.statusCode ?? 502, received.headers);
        received.pipe(response);
        received.on('close', () => resolve(true));
        received.on('error', () => response.destroy());
      });
      outgoing.on('error', (error: NodeJS.ErrnoException) => {
        if (error.code === 'ECONNREFUSED') {
          resolve(false);
          return;
        }
        response.destroy();
        resolve(true);
      });
      // The server must see that the caller has closed the connection.
      response.on('close', () => outgoing.destroy());
      outgoing.end(body, () => {
        onSent().catch(() => outgoing.destroy());
      });
    });
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    setServers(...urls) {
      servers = urls;
    },
    after: (matches, action) => addHook('after', matches, action),
    insteadOf: (matches, action) => addHook('insteadOf', matches, action),
    async [Symbol.asyncDispose]() {
      agent.destroy();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
