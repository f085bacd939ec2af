import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';

import { newId } from '../ids.ts';
import { ApiError } from './api-error.ts';

/**
 * Answers what is not HTTP, or more headers than Node reads, in the same shape as everything else.
 * `announced`: the headers that tell an address its limits.
 */
export function protocolErrors(announced: (address: string) => [name: string, value: string][]) {
  return (error: NodeJS.ErrnoException, socket: Duplex): void => {
    if (error.code === 'ECONNRESET' || !socket.writable) socket.destroy();
    else socket.end(answer(error, announced(socket instanceof Socket ? (socket.remoteAddress ?? '') : '')));
  };
}

function answer(error: NodeJS.ErrnoException, headers: [name: string, value: string][]): string {
  const requestId = newId('req');
  const refusal = new ApiError('request.malformed', {
    message:
      error.code === 'HPE_HEADER_OVERFLOW'
        ? 'The request headers are larger than 16 KiB. Send less in them.'
        : 'This is not a complete HTTP/1.1 request. Check the client or the proxy that sent it.',
  });
  const body = JSON.stringify(refusal.envelope(requestId));
  return [
    `HTTP/1.1 ${refusal.status} Bad Request`,
    'Content-Type: application/json; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(body)}`,
    `X-Request-Id: ${requestId}`,
    ...headers.map(([name, value]) => `${name}: ${value}`),
    'Connection: close',
    '',
    body,
  ].join('\r\n');
}
