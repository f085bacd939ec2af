import http, { type IncomingMessage } from 'node:http';
import https from 'node:https';
import { isIPv6, type LookupFunction, type TcpNetConnectOpts } from 'node:net';

import { isAllowedAddress, type AddressPolicy } from './address-policy.ts';
import { resolveHost, type ResolveHost } from './resolve-host.ts';

/** Why a request got no usable response. */
export type OutboundFailure =
  'dns_error' | 'address_refused' | 'connection_error' | 'tls_error' | 'timeout' | 'invalid_response';

/** A request got no usable response. */
export class OutboundError extends Error {
  override readonly name = 'OutboundError';
  readonly failure: OutboundFailure;

  constructor(failure: OutboundFailure, message: string, options?: ErrorOptions) {
    super(message, options);
    this.failure = failure;
  }
}

export interface OutboundRequest {
  url: URL;
  headers: Readonly<Record<string, string>>;
  body: string;
  /** The time from the look-up of the name to the headers of the response. */
  timeoutMs: number;
  policy: AddressPolicy;
  /** `resolveHost` by default. */
  resolve?: ResolveHost;
}

export interface OutboundResponse {
  status: number;
  /** The beginning of the body. */
  excerpt: string;
}

/** The part of a response's body that is kept. No more is read. */
export const EXCERPT_BYTES = 1024;
const MAX_HEADER_BYTES = 16_384;
/** The time after the headers in which the excerpt must arrive; later bytes are left out. */
const EXCERPT_MS = 1_000;
/**
 * The time to connect to an address before the next one is tried. Node's 250 ms is too short for a round trip to the
 * other side of the Earth, and on a machine without IPv6 the next address may be unreachable.
 */
const CONNECT_MS = 3_000;
const MAX_ADDRESSES = 4;

/**
 * Posts to an address that a customer chose.
 *
 * The name is resolved once and the connection goes to the addresses that were checked, so a name cannot have another
 * address afterwards. Each request has a new connection, whose certificate is verified for the host. Redirects are not
 * followed, and proxies of the environment are not used.
 *
 * @throws {OutboundError} when no response arrived or the address is not allowed
 */
export async function postOutbound(request: OutboundRequest): Promise<OutboundResponse> {
  const { url, timeoutMs, policy, resolve = (host) => resolveHost(host) } = request;
  const deadline = new Deadline(timeoutMs);
  try {
    const addresses = await Promise.race([checkedAddresses(hostOf(url), policy, resolve), deadline.expired]);
    return await send(request, addresses, deadline);
  } finally {
    deadline.clear();
  }
}

class Deadline {
  readonly expired: Promise<never>;
  #expire: (error: OutboundError) => void = () => undefined;
  readonly #timer: NodeJS.Timeout;

  constructor(timeoutMs: number) {
    this.expired = new Promise((_resolve, reject) => {
      this.#expire = reject;
    });
    // It may expire when nothing awaits it any more.
    this.expired.catch(() => undefined);
    this.#timer = setTimeout(() => {
      this.#expire(new OutboundError('timeout', `No response arrived within ${timeoutMs / 1000} s.`));
    }, timeoutMs);
  }

  clear(): void {
    clearTimeout(this.#timer);
  }
}

/** Returns the host as a name or an address, without the brackets that a URL has around IPv6 addresses. */
function hostOf(url: URL): string {
  return url.hostname.replace(/^\[(.*)\]$/, '$1');
}

async function checkedAddresses(
  host: string,
  policy: AddressPolicy,
  resolve: ResolveHost,
): Promise<readonly string[]> {
  let addresses: readonly string[];
  try {
    addresses = await resolve(host);
  } catch (error) {
    throw new OutboundError('dns_error', 'The host name could not be resolved.', { cause: error });
  }
  const allowed = addresses.filter((address) => isAllowedAddress(address, policy));
  if (allowed.length > 0) return allowed.slice(0, MAX_ADDRESSES);
  throw new OutboundError('address_refused', 'The host has no public address.');
}

async function send(
  { url, headers, body }: OutboundRequest,
  addresses: readonly string[],
  deadline: Deadline,
): Promise<OutboundResponse> {
  // Node passes the options of a connection on; its types for requests lack some.
  const options: https.RequestOptions & Pick<TcpNetConnectOpts, 'autoSelectFamilyAttemptTimeout'> = {
    method: 'POST',
    headers: { ...headers, 'Content-Length': Buffer.byteLength(body) },
    // A new connection. The global agent may reuse one, or go through a proxy of the environment.
    agent: false,
    lookup: fixedLookup(addresses),
    autoSelectFamilyAttemptTimeout: CONNECT_MS,
    // Applies even when the environment turns verification off.
    rejectUnauthorized: true,
    maxHeaderSize: MAX_HEADER_BYTES,
  };
  const sent = (url.protocol === 'https:' ? https : http).request(url, options);
  try {
    const responded = new Promise<IncomingMessage>((resolve, reject) => {
      sent.once('response', resolve);
      // Stays, because destroying the request may emit another one.
      sent.on('error', reject);
      sent.once('upgrade', (_response, socket) => {
        // Node hands over the socket without listeners, so end it here and handle its errors.
        socket.on('error', () => undefined);
        socket.destroy();
        reject(new OutboundError('invalid_response', 'The response switches to another protocol.'));
      });
    });
    sent.end(body);
    const response = await Promise.race([responded, deadline.expired]);
    return { status: response.statusCode ?? 0, excerpt: await readExcerpt(response) };
  } catch (error) {
    throw error instanceof OutboundError ? error : outboundError(error as NodeJS.ErrnoException);
  } finally {
    sent.destroy();
  }
}

/** Returns a look-up that knows only the addresses that were checked. */
function fixedLookup(addresses: readonly string[]): LookupFunction {
  const entries = addresses.map((address) => ({ address, family: isIPv6(address) ? 6 : 4 }));
  return (_host, options, callback) => {
    const [first] = entries;
    if (options.all === true) callback(null, entries);
    else callback(null, first?.address ?? '', first?.family);
  };
}

/** Reads the beginning of a body, as far as it arrives in time. */
async function readExcerpt(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, EXCERPT_MS);
    response.on('data', (chunk: Buffer) => {
      // Pieces of one segment arrive even after the response was destroyed.
      if (bytes >= EXCERPT_BYTES) return;
      chunks.push(chunk.subarray(0, EXCERPT_BYTES - bytes));
      bytes += chunk.length;
      if (bytes >= EXCERPT_BYTES) response.destroy();
    });
    // Only the status counts, so a body that breaks off is treated like a short one.
    response.on('error', () => undefined);
    response.once('close', () => {
      clearTimeout(timer);
      resolve();
    });
  });
  // The last character may be cut, and PostgreSQL cannot store NUL.
  return new TextDecoder().decode(Buffer.concat(chunks), { stream: true }).replaceAll('\0', '\uFFFD');
}

function outboundError(error: NodeJS.ErrnoException): OutboundError {
  const code = error.code ?? '';
  const cause = { cause: error };
  if (code.startsWith('HPE_')) {
    return new OutboundError('invalid_response', 'The response is not valid HTTP.', cause);
  }
  if (/^(?:ERR_TLS|ERR_SSL|EPROTO)|CERT|SIGNATURE|UNABLE_TO/.test(code)) {
    return new OutboundError(
      'tls_error',
      'The TLS handshake failed, or the certificate is not valid.',
      cause,
    );
  }
  return new OutboundError('connection_error', 'The connection was refused or lost.', cause);
}
