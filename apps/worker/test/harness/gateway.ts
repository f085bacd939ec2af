import {
  Agent,
  createServer,
  request as forward,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

/** A request on its way, as a test sees it. */
export interface Passing {
  /** Path and what it says, such as `/internal/…/report` and `{"state":"running",…}`. */
  readonly path: string;
  readonly body: string;
}

/** What stands between callers and the servers, as in production: forwards each request to a server that lives. */
export interface Gateway extends AsyncDisposable {
  readonly url: string;
  /** Sends new requests here, in this order of preference. */
  setServers(...urls: string[]): void;
  /** Does this as soon as a request that fits has been forwarded, once. Resolves with the request when it is done. */
  after(fits: Fits, action: () => void | Promise<void>): Promise<Passing>;
  /** The same in place of forwarding the request: it never arrives, and is not answered. */
  insteadOf(fits: Fits, action: () => void | Promise<void>): Promise<Passing>;
}

export type Fits = (passing: Passing) => boolean;

interface Trap {
  moment: 'after' | 'insteadOf';
  fits: Fits;
  spring: (passing: Passing) => Promise<void>;
}

export async function startGateway(): Promise<Gateway> {
  const agent = new Agent({ keepAlive: true });
  const traps = new Set<Trap>();
  let servers: string[] = [];

  const server = createServer((request, response) => {
    handle(request, response).catch(() => response.destroy());
  });

  /** Whether there was somebody who waited for it. */
  async function spring(moment: Trap['moment'], passing: Passing): Promise<boolean> {
    for (const trap of traps) {
      if (trap.moment !== moment || !trap.fits(passing)) continue;
      traps.delete(trap);
      await trap.spring(passing);
      return true;
    }
    return false;
  }

  function intercept(moment: Trap['moment'], fits: Fits, action: () => void | Promise<void>) {
    return new Promise<Passing>((resolve, reject) => {
      const spring = async (passing: Passing) => {
        await Promise.resolve(action()).then(() => resolve(passing), reject);
      };
      traps.add({ moment, fits, spring });
    });
  }

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await buffer(request);
    const passing = { path: request.url ?? '', body: body.toString() };
    if (await spring('insteadOf', passing)) return;
    for (const [index, url] of servers.entries()) {
      if (await pass(request, response, body, url, () => spring('after', passing))) return;
      if (index === servers.length - 1) response.destroy();
    }
  }

  /** False where nobody answers at the address, so that the request never arrived and another may have it. */
  function pass(
    request: IncomingMessage,
    response: ServerResponse,
    body: Buffer,
    url: string,
    sent: () => Promise<unknown>,
  ): Promise<boolean> {
    return new Promise((resolve) => {
      const { method = 'GET', url: path = '/', headers } = request;
      const onward = forward(new URL(path, url), { method, headers, agent }, (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(response);
        answer.on('close', () => resolve(true));
        answer.on('error', () => response.destroy());
      });
      onward.on('error', (error: NodeJS.ErrnoException) => {
        if (error.code === 'ECONNREFUSED') {
          resolve(false);
          return;
        }
        response.destroy();
        resolve(true);
      });
      // Whoever asked has gone: the server is to know.
      response.on('close', () => onward.destroy());
      onward.end(body, () => {
        sent().catch(() => onward.destroy());
      });
    });
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    setServers(...urls) {
      servers = urls;
    },
    after: (fits, action) => intercept('after', fits, action),
    insteadOf: (fits, action) => intercept('insteadOf', fits, action),
    async [Symbol.asyncDispose]() {
      agent.destroy();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
