import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

import type { Answer } from './tally.ts';

export interface CrowdOptions {
  connections: number;
  urls: readonly string[];
  signal: AbortSignal;
  record: (answer: Answer) => void;
  /** False never reads; such a connection is given up after `HOLD_MS`, since its end is not noticed. */
  reads?: boolean;
}

const REOPEN_MS = 500;
const HOLD_MS = 12_000;

/** Keeps raw connections open, and opens a new one for each that is closed, until it is aborted. */
export async function crowd(
  options: CrowdOptions,
  use: (socket: Socket, connection: number) => void,
): Promise<void> {
  const { connections, urls, signal } = options;
  const isOver = (): boolean => signal.aborted;
  const keepOpen = async (_: unknown, connection: number): Promise<void> => {
    while (!isOver()) {
      await oneConnection(new URL(urls[connection % urls.length] ?? ''), options, (socket) => {
        use(socket, connection);
      });
      if (!isOver()) await sleep(REOPEN_MS);
    }
  };
  await Promise.all(Array.from({ length: connections }, keepOpen));
}

function oneConnection(
  { hostname, port }: URL,
  { signal, record, reads = true }: CrowdOptions,
  use: (socket: Socket) => void,
): Promise<void> {
  return new Promise((resolve) => {
    const socket = connect({ host: hostname, port: Number(port) });
    const give = (): void => {
      socket.destroy();
    };
    let received = '';
    const held = reads ? undefined : setTimeout(give, HOLD_MS);
    signal.addEventListener('abort', give);
    socket.on('connect', () => {
      use(socket);
    });
    if (reads) socket.on('data', (chunk: Buffer) => (received += chunk.toString()));
    socket.on('error', () => undefined);
    socket.on('close', () => {
      clearTimeout(held);
      signal.removeEventListener('abort', give);
      if (reads) record(answerOf(received));
      resolve();
    });
  });
}

/** Reads the one response of a connection. */
export function answerOf(received: string): Answer {
  const [head = '', body = ''] = received.split('\r\n\r\n', 2);
  const status = /^HTTP\/1\.1 (\d{3}) /.exec(head)?.[1];
  return {
    status: status === undefined ? null : Number(status),
    retryAfter: /\r\nRetry-After: (.*)/i.exec(head)?.[1],
    body,
  };
}
