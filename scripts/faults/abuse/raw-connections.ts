import { connect, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

import type { ReceivedResponse } from './tally.ts';

export interface RawConnectionOptions {
  connections: number;
  urls: readonly string[];
  signal: AbortSignal;
  record: (response: ReceivedResponse) => void;
  /** When false, the connection is never read, and is closed after `HOLD_MS` because its end would go undetected. */
  reads?: boolean;
}

const REOPEN_MS = 500;
const HOLD_MS = 12_000;

/** Keeps raw connections open and reopens those that close, until the signal aborts. */
export async function keepConnectionsOpen(
  options: RawConnectionOptions,
  use: (socket: Socket, connection: number) => void,
): Promise<void> {
  const { connections, urls, signal } = options;
  const isDone = (): boolean => signal.aborted;
  const keepOpen = async (_: unknown, connection: number): Promise<void> => {
    while (!isDone()) {
      await oneConnection(new URL(urls[connection % urls.length] ?? ''), options, (socket) => {
        use(socket, connection);
      });
      if (!isDone()) await delay(REOPEN_MS);
    }
  };
  await Promise.all(Array.from({ length: connections }, keepOpen));
}

function oneConnection(
  { hostname, port }: URL,
  { signal, record, reads = true }: RawConnectionOptions,
  use: (socket: Socket) => void,
): Promise<void> {
  return new Promise((resolve) => {
    const socket = connect({ host: hostname, port: Number(port) });
    const close = (): void => {
      socket.destroy();
    };
    let received = '';
    const timer = reads ? undefined : setTimeout(close, HOLD_MS);
    signal.addEventListener('abort', close);
    socket.on('connect', () => {
      use(socket);
    });
    if (reads) socket.on('data', (chunk: Buffer) => (received += chunk.toString()));
    socket.on('error', () => undefined);
    socket.on('close', () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', close);
      if (reads) record(parseResponse(received));
      resolve();
    });
  });
}

/** Parses the only response of a connection. */
export function parseResponse(received: string): ReceivedResponse {
  const [head = '', body = ''] = received.split('\r\n\r\n', 2);
  const status = /^HTTP\/1\.1 (\d{3}) /.exec(head)?.[1];
  return {
    status: status === undefined ? null : Number(status),
    retryAfter: /\r\nRetry-After: (.*)/i.exec(head)?.[1],
    body,
  };
}
