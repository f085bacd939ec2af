import { createHash, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type Server } from 'node:http';
import { Socket, type AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';

import { mediaPath, mediaProtocol, patterns } from '@greenroom/contract';

import { refuseUpgrade } from './refuse-upgrade.ts';

/** The request of a client that wants to connect. */
export interface UpgradeRequest {
  headers: IncomingHttpHeaders;
  /** The first bytes after the request. */
  head: Uint8Array;
}

/** Takes over the connection of a client with the correct token. */
type OnClient = (request: UpgradeRequest, socket: Socket) => void;

export interface MediaServerOptions {
  /** 0 for any free port. */
  port: number;
  host: string;
  /** The base address at which clients reach the server; null if it is `host`. */
  url: string | null;
}

/** Time for a client to send its request. */
const REQUEST_TIMEOUT_MS = 10_000;
/** How often `REQUEST_TIMEOUT_MS` is checked. */
const CHECK_INTERVAL_MS = 1_000;
/** Maximum number of connections without a complete request. */
const MAX_PENDING = 500;
/** The path in the document, with the id of a session as its parameter. */
const PATH = new RegExp(`^${mediaPath.replace('{session_id}', `(${patterns.SessionId.slice(1, -1)})`)}$`);

/** Accepts the connections of clients and hands each to the session whose token it presents. */
export class MediaServer {
  /** The base address, without a slash at its end. */
  readonly url: string;
  readonly #server: Server;
  readonly #sessions = new Map<string, { tokenHash: Buffer; onClient: OnClient }>();
  readonly #pending = new Set<Socket>();

  private constructor(server: Server, { url, host }: MediaServerOptions) {
    const { port } = server.address() as AddressInfo;
    this.url = url ?? `ws://${host.includes(':') ? `[${host}]` : host}:${port}`;
    this.#server = server;
    server.on('connection', (socket) => {
      if (this.#pending.size >= MAX_PENDING) {
        socket.destroy();
        return;
      }
      this.#pending.add(socket);
      socket.once('close', () => this.#pending.delete(socket));
    });
    server.on('request', (_request, response) => {
      response.writeHead(426, { 'Content-Type': 'application/json', Connection: 'close' });
      response.end(JSON.stringify({ message: 'Connect with a WebSocket.' }));
    });
    server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
      // Always true without TLS.
      if (socket instanceof Socket) this.#onUpgrade(request, socket, head);
    });
  }

  /** Starts listening. Rejects when the port is not available. */
  static async listen(options: MediaServerOptions): Promise<MediaServer> {
    const server = createServer({
      requestTimeout: REQUEST_TIMEOUT_MS,
      headersTimeout: REQUEST_TIMEOUT_MS,
      connectionsCheckingInterval: CHECK_INTERVAL_MS,
      maxHeaderSize: 16 * 1024,
    });
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen({ port: options.port, host: options.host }, () => {
        server.off('error', reject);
        resolve();
      });
    });
    return new MediaServer(server, options);
  }

  /** Accepts clients of a session until the returned function is called. */
  accept(sessionId: string, token: string, onClient: OnClient): () => void {
    const entry = { tokenHash: hash(token), onClient };
    this.#sessions.set(sessionId, entry);
    return () => {
      // The session may have been assigned again.
      if (this.#sessions.get(sessionId) === entry) this.#sessions.delete(sessionId);
    };
  }

  /** Stops listening. Connections that sessions have taken over stay open. */
  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    for (const socket of this.#pending) socket.destroy();
    await closed;
  }

  #onUpgrade({ method, url, headers }: IncomingMessage, socket: Socket, head: Buffer): void {
    // The client may disconnect at any time, which its session detects.
    socket.on('error', () => undefined);
    this.#pending.delete(socket);
    const [, sessionId = ''] = PATH.exec(url ?? '') ?? [];
    if (method !== 'GET' || headers.upgrade?.toLowerCase() !== 'websocket' || sessionId === '') {
      refuseUpgrade(socket, 404, 'Clients of a session connect to /v1/media/<session_id>.');
      return;
    }
    const token = tokenOf(headers);
    const session = this.#sessions.get(sessionId);
    // The same response for a wrong token and an unknown session, so that it does not reveal which sessions exist.
    if (token === null || session === undefined || !timingSafeEqual(hash(token), session.tokenHash)) {
      refuseUpgrade(
        socket,
        401,
        'The media token is missing or wrong, or its session is over. Send it as the second subprotocol or as a Bearer token.',
      );
      return;
    }
    session.onClient({ headers, head }, socket);
  }
}

/** Returns the token of a request: the Bearer token, or what follows the protocol in the list of subprotocols. */
function tokenOf({ authorization, 'sec-websocket-protocol': protocols }: IncomingHttpHeaders): string | null {
  const [, bearer] = /^Bearer +(\S+)$/i.exec(authorization ?? '') ?? [];
  if (bearer !== undefined) return bearer;
  return (
    protocols
      ?.split(',')
      .map((name) => name.trim())
      .find((name) => name !== mediaProtocol) ?? null
  );
}

function hash(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
