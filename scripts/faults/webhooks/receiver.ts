import { createServer as createHttpServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { AddressInfo, Server } from 'node:net';

import { selfSigned } from '@greenroom/api/testing/self-signed';

export interface Arrival {
  id: string;
  type: string;
  /** From the time of the event, which is before its commit. */
  sinceEventMs: number;
  headers: IncomingHttpHeaders;
  body: string;
}

type Behaviour = (response: ServerResponse, arrival: Arrival) => void;

const HUGE_BYTES = 1024 ** 3;
const TRICKLE_MS = 500;

/** How endpoints respond, by the first part of their path. */
const BEHAVIOURS: Readonly<Record<string, Behaviour>> = {
  healthy: (response) => response.writeHead(204).end(),
  hang: () => undefined,
  trickle(response) {
    response.writeHead(200).write('a');
    const timer = setInterval(() => response.write('b'), TRICKLE_MS);
    response.once('close', () => {
      clearInterval(timer);
    });
  },
  huge(response) {
    const block = Buffer.alloc(65_536, 'x');
    let sent = 0;
    const write = () => {
      while (sent < HUGE_BYTES && response.writable) {
        sent += block.length;
        if (!response.write(block)) return;
      }
      response.end();
    };
    response
      .writeHead(200)
      .on('drain', write)
      .on('error', () => undefined);
    write();
  },
  redirect: (response) => response.writeHead(302, { Location: 'http://169.254.169.254/latest/' }).end(),
  fail: (response) => response.writeHead(500).end(),
};

/** The servers of customers, on this machine. */
export class Receiver {
  /** By path. */
  readonly arrivals = new Map<string, Arrival[]>();
  /** Replaces the behaviour of a path. */
  readonly behaviours = new Map<string, Behaviour>();
  readonly #http: Server & { closeAllConnections(): void };
  readonly #https: Server & { closeAllConnections(): void };

  constructor() {
    this.#http = createHttpServer((request, response) => {
      let body = '';
      request.on('data', (chunk: Buffer) => {
        body += chunk.toString();
      });
      request.on('end', () => {
        this.#arrive(request.url ?? '', body, request.headers, response);
      });
    });
    this.#https = createHttpsServer(selfSigned('localhost'), (_request, response) => response.end());
  }

  get url(): string {
    return `http://127.0.0.1:${portOf(this.#http)}`;
  }

  /** The address of a server whose certificate nobody trusts. */
  get untrustedUrl(): string {
    return `https://localhost:${portOf(this.#https)}`;
  }

  at(path: string): readonly Arrival[] {
    return this.arrivals.get(path) ?? [];
  }

  async start(): Promise<void> {
    for (const server of [this.#http, this.#https]) {
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    }
  }

  async stop(): Promise<void> {
    for (const server of [this.#http, this.#https]) {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }
  }

  #arrive(path: string, body: string, headers: IncomingHttpHeaders, response: ServerResponse): void {
    const { type, timestamp, data } = JSON.parse(body) as {
      type: string;
      timestamp: string;
      data: { id: string };
    };
    const arrival = { id: data.id, type, sinceEventMs: Date.now() - Date.parse(timestamp), headers, body };
    this.arrivals.set(path, [...this.at(path), arrival]);
    const behaviour = this.behaviours.get(path) ?? BEHAVIOURS[path.split('/', 2)[1] ?? ''];
    if (behaviour === undefined) response.writeHead(404).end();
    else behaviour(response, arrival);
  }
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}
