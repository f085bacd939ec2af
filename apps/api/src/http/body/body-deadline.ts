import type { Request } from 'express';

import { ApiError } from '../../errors/api-error.ts';
import { PIECE_BYTES } from '../timeouts.ts';

/**
 * Calls `expire` when the body of a request does not arrive in time: within `timeoutMs` for a short body, and within
 * the same time for each further piece of a long one. Returns a function that cancels it.
 */
export function bodyDeadline(
  request: Request,
  timeoutMs: number,
  expire: (error: ApiError) => void,
): () => void {
  const timer = setTimeout(() => {
    cancel();
    expire(bodyTimeout());
  }, timeoutMs);
  let pieceBytes = 0;
  const count = (chunk: Buffer) => {
    pieceBytes += chunk.length;
    if (pieceBytes < PIECE_BYTES) return;
    pieceBytes = 0;
    timer.refresh();
  };
  const cancel = () => {
    clearTimeout(timer);
    request.off('data', count).off('end', cancel).off('close', cancel);
  };
  request.on('data', count).once('end', cancel).once('close', cancel);
  return cancel;
}

function bodyTimeout(): ApiError {
  return new ApiError('request.timeout', {
    situation: 'body',
    headers: { Connection: 'close' },
  });
}
