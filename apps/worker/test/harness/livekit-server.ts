import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { freePort, until } from '@greenroom/testing';
import { AccessToken, RoomServiceClient, type VideoGrant } from 'livekit-server-sdk';

/** The key of the server's development mode. */
const KEY = 'devkey';
const SECRET = 'secret';
const BINARY = fileURLToPath(new URL('./livekit-binary.mjs', import.meta.url));

export interface TokenOptions {
  /** Grants in addition to joining the room. */
  grant?: VideoGrant;
  /** The key that signs the token. */
  secret?: string;
  attributes?: Record<string, string>;
  kind?: AccessToken['kind'];
}

/** A LiveKit server on this machine. */
export interface LiveKitServer extends AsyncDisposable {
  readonly url: string;
  readonly rooms: RoomServiceClient;
  token(identity: string, room: string, options?: TokenOptions): Promise<string>;
}

/** Another process may take a free port before the server listens on it. */
const MAX_ATTEMPTS = 3;

export interface LiveKitServerOptions {
  /** Whether a participant that joins an unknown room creates it. */
  autoCreate?: boolean;
  /** Whether participants can reach its media ports. */
  hasMedia?: boolean;
}

export async function startLiveKitServer(options: LiveKitServerOptions = {}): Promise<LiveKitServer> {
  const { stdout } = await promisify(execFile)(process.execPath, [BINARY]);
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await tryToStart(stdout.trim(), options);
    } catch (error) {
      if (attempt === MAX_ATTEMPTS) throw error;
    }
  }
}

async function tryToStart(
  binary: string,
  { autoCreate = true, hasMedia = true }: LiveKitServerOptions,
): Promise<LiveKitServer> {
  const [port, tcpPort, udpPort] = [await freePort(), await freePort(), await freePort()];
  const config = JSON.stringify({
    port,
    rtc: {
      tcp_port: tcpPort,
      udp_port: udpPort,
      use_external_ip: false,
      enable_loopback_candidate: hasMedia,
      // An address for documentation (RFC 5737), which no interface has.
      ...(!hasMedia && { ips: { includes: ['203.0.113.0/24'] } }),
    },
    room: { auto_create: autoCreate, empty_timeout: 10 },
    logging: { level: 'error' },
  });
  const args = ['--dev', '--bind', '127.0.0.1', '--node-ip', '127.0.0.1', '--config-body', config];
  const server = spawn(binary, args, { stdio: 'ignore' });
  const exited = once(server, 'exit');
  const http = `http://127.0.0.1:${port}`;
  const isReady = () =>
    fetch(http).then(
      ({ ok }) => ok,
      () => false,
    );
  const hasExited = () => server.exitCode !== null || server.signalCode !== null;
  try {
    await until(async () => hasExited() || (await isReady()));
    if (hasExited()) throw new Error('The LiveKit server exited while it was starting');
  } catch (error) {
    if (!hasExited()) server.kill('SIGKILL');
    await exited;
    throw error;
  }
  return {
    url: `ws://127.0.0.1:${port}`,
    rooms: new RoomServiceClient(http, KEY, SECRET),
    async token(identity, room, { grant = {}, secret = SECRET, attributes = {}, kind } = {}) {
      const token = new AccessToken(KEY, secret, { identity, ttl: 600, attributes });
      if (kind !== undefined) token.kind = kind;
      token.addGrant({ roomJoin: true, room, ...grant });
      return token.toJwt();
    },
    async [Symbol.asyncDispose]() {
      server.kill('SIGKILL');
      await exited;
    },
  };
}
