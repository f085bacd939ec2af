import type { Response } from 'express';

/** Aborts when the client disconnects or the response is complete. Created lazily: few handlers need it. */
export function disconnectSignal(response: Response): AbortSignal {
  const gone = new AbortController();
  if (response.closed) gone.abort();
  else response.once('close', () => gone.abort());
  return gone.signal;
}
