/** Time limits for a client, in milliseconds. */
export interface ClientTimeouts {
  /** For the headers of a request, and for the first byte of a new connection. */
  headersMs: number;
  /** For a whole request, body included. */
  requestMs: number;
  /** For a body, or for each further `PIECE_BYTES` of a long one. */
  bodyMs: number;
  /** For the next request on a keep-alive connection. */
  keepAliveMs: number;
  /** For any byte on a connection while a request is served; longer than the long poll of a claim or a report. */
  silenceMs: number;
  /** For a response to be read, or for each further `PIECE_BYTES` of a long one. */
  readMs: number;
}

/**
 * The keep-alive time exceeds the 75 s of nginx and the 60 s of an AWS load balancer, so that they close first: a proxy
 * that sends on a connection that the server is closing responds 502 to its client.
 */
export const CLIENT_TIMEOUTS: ClientTimeouts = {
  headersMs: 20_000,
  requestMs: 30_000,
  bodyMs: 10_000,
  keepAliveMs: 80_000,
  silenceMs: 60_000,
  readMs: 10_000,
};

/** With `bodyMs` and `readMs`, the minimum rate of long bodies and responses: 16 KiB/s. */
export const PIECE_BYTES = 160 * 1024;
