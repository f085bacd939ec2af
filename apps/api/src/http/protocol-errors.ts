import { maxHeaderSize, STATUS_CODES } from 'node:http';
import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';

import { byteSize } from '../common/byte-size.ts';
import { newId } from '../common/ids.ts';
import { ApiError } from '../errors/api-error.ts';
import { errorEnvelope, statusOf } from './response/error-response.ts';

/** Time for a client to read the response and close, before its socket is destroyed. */
const LINGER_MS = 2_000;

export interface ProtocolErrorsOptions {
  /** Returns the headers that announce the limits of an address. */
  limitHeaders: (address: string | undefined) => Map<string, string>;
  /** Whether bytes written now would be read as the response to the arriving request. */
  canRespond: (socket: Duplex) => boolean;
}

/**
 * Responds to malformed HTTP, to more headers than Node reads and to a request that does not arrive in time, in the
 * shape of all errors. Closes a connection that sent nothing without a response.
 */
export function protocolErrors({ limitHeaders, canRespond }: ProtocolErrorsOptions) {
  return (error: NodeJS.ErrnoException, socket: Duplex): void => {
    // Later bytes cause further errors, while the socket is about to be destroyed.
    if (socket.writableEnded) return;
    const sentNothing = socket instanceof Socket && socket.bytesRead === 0;
    if (error.code === 'ECONNRESET' || !socket.writable || sentNothing || !canRespond(socket)) {
      socket.destroy();
      return;
    }
    const address = socket instanceof Socket ? socket.remoteAddress : undefined;
    socket.end(responseTo(error, limitHeaders(address)));
    // Not destroyed at once: unread bytes would make the client get a reset instead of the response.
    const linger = setTimeout(() => socket.destroy(), LINGER_MS);
    socket.once('close', () => clearTimeout(linger));
  };
}

function responseTo(error: NodeJS.ErrnoException, headers: Map<string, string>): string {
  const requestId = newId('req');
  const apiError = apiErrorOf(error);
  const status = statusOf(apiError);
  const body = JSON.stringify(errorEnvelope(apiError, requestId));
  return [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`,
    'Content-Type: application/json; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(body)}`,
    `X-Request-Id: ${requestId}`,
    ...[...headers].map(([name, value]) => `${name}: ${value}`),
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
