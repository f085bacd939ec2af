import { createServer as createHttpServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { AddressInfo, Server } from 'node:net';

import { selfSigned } from '@greenroom/api/testing/self-signed';
import { verifyWebhook, WebhookVerificationError } from '@greenroom/client/webhooks';

export interface Arrival {
  id: string;
  type: string;
  /** The time since the event's own time, which precedes its commit. */
  sinceEventMs: number;
  headers: IncomingHttpHeaders;
  body: string;
  /** The secrets of its path that signed it, as verified when it arrived. */
  verifiedBy: Set<string>;
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
  redirect: (response) => response.writeHead(302, { Location: 'http://169.254.169.254/latest/' }).end(),
  fail: (response) => response.writeHead(500).end(),
};

/** Writes a body as fast as the client takes it. Calls `written` with the size after each block. */
export function respondHuge(response: ServerResponse, written: (bytes: number) => void): void {
  const block = Buffer.alloc(65_536, 'x');
  let sent = 0;
  const write = () => {
    while (sent < HUGE_BYTES && response.writable) {
      sent += block.length;
      written(sent);
      if (!response.write(block)) return;
    }
    response.end();
  };
  response
    .writeHead(200)
    .on('drain', write)
    .on('error', () => undefined);
  write();
}

/** The servers of customers, on this machine. */
export class Receiver {
  /** The deliveries that arrived, by path. */
  readonly arrivals = new Map<string, Arrival[]>();
  /** Replaces the behaviour of a path. */
  readonly behaviours = new Map<string, Behaviour>();
  readonly #secrets = new Map<string, string[]>();
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

  /** The address of a server with an untrusted certificate. */
  get untrustedUrl(): string {
    return `https://localhost:${portOf(this.#https)}`;
  }

  at(path: string): readonly Arrival[] {
    return this.arrivals.get(path) ?? [];
  }

  /** Verifies each delivery at a path by a secret: past ones at once, later ones when they arrive. */
  verify(path: string, secret: string): void {
    this.#secrets.set(path, [...(this.#secrets.get(path) ?? []), secret]);
    for (const arrival of this.at(path)) verifyBy(secret, arrival);
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
    const sinceEventMs = Date.now() - Date.parse(timestamp);
    const arrival = { id: data.id, type, sinceEventMs, headers, body, verifiedBy: new Set<string>() };
    this.arrivals.set(path, [...this.at(path), arrival]);
    for (const secret of this.#secrets.get(path) ?? []) verifyBy(secret, arrival);
    const behaviour = this.behaviours.get(path) ?? BEHAVIOURS[path.split('/', 2)[1] ?? ''];
    if (behaviour === undefined) response.writeHead(404).end();
    else behaviour(response, arrival);
  }
}

function verifyBy(secret: string, { body, headers, verifiedBy }: Arrival): void {
  try {
    verifyWebhook(body, headers, secret);
    verifiedBy.add(secret);
  } catch (error) {
    if (!(error instanceof WebhookVerificationError)) throw error;
  }
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}
