import { maxHeaderSize, STATUS_CODES } from 'node:http';
import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';

import { newId } from '../common/ids.ts';
import { ApiError } from '../errors/api-error.ts';
import { byteSize } from '../common/byte-size.ts';

/** How long a client may take to read the response and close, before its socket is destroyed. */
const LINGER_MS = 2_000;

export interface ProtocolErrorsOptions {
  /** The headers that announce an address its limits. */
  announced: (address: string) => [name: string, value: string][];
  /** Whether bytes written now would be read as the response to the request that is arriving. */
  canRespond: (socket: Duplex) => boolean;
}

/**
 * Responds to what is not HTTP, to more headers than Node reads and to a request that does not arrive in time, in the
 * same shape as to everything else. A connection that sent nothing is closed in silence.
 */
export function protocolErrors({ announced, canRespond }: ProtocolErrorsOptions) {
  return (error: NodeJS.ErrnoException, socket: Duplex): void => {
    // Bytes that follow the first error make more of them; the socket is about to be destroyed.
    if (socket.writableEnded) return;
    const sentNothing = socket instanceof Socket && socket.bytesRead === 0;
    if (error.code === 'ECONNRESET' || !socket.writable || sentNothing || !canRespond(socket)) {
      socket.destroy();
      return;
    }
    const address = socket instanceof Socket ? (socket.remoteAddress ?? '') : '';
    socket.end(responseTo(error, announced(address)));
    // Not destroyed at once: with bytes unread, the client would be sent a reset in place of the response.
    const linger = setTimeout(() => socket.destroy(), LINGER_MS);
    socket.once('close', () => clearTimeout(linger));
  };
}

function responseTo(error: NodeJS.ErrnoException, headers: [name: string, value: string][]): string {
  const requestId = newId('req');
  const apiError = apiErrorOf(error);
  const body = JSON.stringify(apiError.envelope(requestId));
  return [
    `HTTP/1.1 ${apiError.status} ${STATUS_CODES[apiError.status] ?? ''}`,
    'Content-Type: application/json; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(body)}`,
    `X-Request-Id: ${requestId}`,
    ...headers.map(([name, value]) => `${name}: ${value}`),
    'Connection: close',
    '',
    body,
  ].join('\r\n');
}

function apiErrorOf({ code }: NodeJS.ErrnoException): ApiError {
  switch (code) {
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return new ApiError('request.timeout', { situation: 'request' });
    case 'HPE_HEADER_OVERFLOW':
      return new ApiError('request.malformed', {
        situation: 'headers',
        values: { limit: byteSize(maxHeaderSize) },
      });
    default:
      return new ApiError('request.malformed', { situation: 'http' });
  }
}
