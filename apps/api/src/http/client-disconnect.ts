import type { Response } from 'express';

/** A signal that is aborted when the caller has gone, or has all of the answer. Made for who asks: few do, and it costs. */
export function goneSignal(response: Response): AbortSignal {
  const gone = new AbortController();
  if (response.closed) gone.abort();
  else response.once('close', () => gone.abort());
  return gone.signal;
}
