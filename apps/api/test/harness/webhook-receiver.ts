import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

import { until } from '@greenroom/testing';

/** A delivery that arrived. */
export interface Received {
  path: string;
  headers: IncomingHttpHeaders;
  body: string;
  atMs: number;
}

/** A server of a customer, on this machine. */
export interface WebhookReceiver {
  url: string;
  received: Received[];
  /** Responds to a delivery; with 204 by default. */
  respond: (response: ServerResponse, received: Received) => void;
  /** Resolves with the next delivery that satisfies the condition, including earlier arrivals. */
  next(condition?: (received: Received) => boolean): Promise<Received>;
  close(): Promise<void>;
}

export async function startReceiver(): Promise<WebhookReceiver> {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString();
      const received = { path: request.url ?? '', headers: request.headers, body, atMs: performance.now() };
      receiver.received.push(received);
      receiver.respond(response, received);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const receiver: WebhookReceiver = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received: [],
    respond: (response) => response.writeHead(204).end(),
    async next(condition = () => true) {
      let found: Received | undefined;
      await until(() => (found = receiver.received.find(condition)) !== undefined);
      if (found === undefined) throw new Error('Nothing was received');
      return found;
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return receiver;
}

/** Returns the signature headers in the form that verifiers take. */
export function signatureHeaders({ headers }: Received): Record<string, string> {
  const names = ['webhook-id', 'webhook-timestamp', 'webhook-signature'];
  return Object.fromEntries(names.map((name) => [name, String(headers[name])]));
}
