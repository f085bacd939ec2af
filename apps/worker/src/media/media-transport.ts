import { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';

import { mediaProtocol } from '@greenroom/contract';
import { WebSocketServer, type WebSocket } from 'ws';

import { PerformanceError } from '../avatar/performance-error.ts';
import type { PlaybackQueue } from '../avatar/speech/playback-queue.ts';
import type { LeaveOptions, Transport, TransportEvents } from '../avatar/transport.ts';
import { ClientAudioReceiver } from './client-audio-receiver.ts';
import { ClientConnection, MAX_CLIENT_MESSAGE_BYTES } from './client-connection.ts';
import { FrameEncoder } from './frame-encoder.ts';
import type { UpgradeRequest } from './media-server.ts';
import { RecordAudioOutput } from './record-audio-output.ts';
import { refuseUpgrade } from './refuse-upgrade.ts';

/** How long a client may take to connect. The server's deadline for the first frame is 30 s by default. */
const CONNECT_TIMEOUT_MS = 25_000;
/** How long a client may take to reconnect. */
const RECONNECT_TIMEOUT_MS = 30_000;
/** How long a client may take to close the connection from its side, unless it reads the end of the speech. */
const CLOSE_TIMEOUT_MS = 1_000;
const METRICS_INTERVAL_MS = 1_000;

/** Exchanges speech, video and audio with one client over a WebSocket. */
export class MediaTransport implements Transport {
  readonly audio = new RecordAudioOutput((samples, timestampMs) =>
    this.#client?.sendAudio(samples, timestampMs),
  );
  readonly #server = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    maxPayload: MAX_CLIENT_MESSAGE_BYTES,
    perMessageDeflate: false,
    handleProtocols: (protocols) => protocols.has(mediaProtocol) && mediaProtocol,
  });
  #client: ClientConnection | null = null;
  #session: { speech: PlaybackQueue; events: TransportEvents; onFirst: () => void } | null = null;
  /** A client that connected before the avatar was ready. */
  #early: { request: UpgradeRequest; socket: Socket } | null = null;
  #absenceTimer: NodeJS.Timeout | undefined;
  #metricsTimer: NodeJS.Timeout | undefined;
  readonly #encoder = new FrameEncoder();
  #frames = 0;

  /** Resolves when the first client has connected. */
  async connect(speech: PlaybackQueue, events: TransportEvents): Promise<void> {
    const first = new Promise<void>((resolve) => {
      this.#session = { speech, events, onFirst: resolve };
    });
    events.draining.addEventListener('abort', () => {
      if (this.#client === null && !events.leaving.aborted) events.end('client.left');
    });
    this.#waitForClient('client.never_connected', CONNECT_TIMEOUT_MS);
    const early = this.#early;
    this.#early = null;
    if (early !== null) this.accept(early.request, early.socket);
    await first;
    this.#metricsTimer = setInterval(() => this.#client?.sendMetrics(this.#frames), METRICS_INTERVAL_MS);
  }

  /** Takes over the connection of a client with the correct token. One client is connected at a time. */
  accept(request: UpgradeRequest, socket: Socket): void {
    socket.on('error', () => undefined);
    if (this.#client !== null || this.#early !== null || this.#session?.events.leaving.aborted === true) {
      this.#client?.probe();
      refuseUpgrade(socket, 409, 'Another client is connected with this token, or the session is ending.');
      return;
    }
    if (this.#session === null) {
      this.#early = { request, socket };
      socket.once('close', () => {
        if (this.#early?.socket === socket) this.#early = null;
      });
      return;
    }
    const upgrade = Object.assign(new IncomingMessage(socket), {
      method: 'GET',
      url: '/',
      headers: request.headers,
    });
    this.#server.handleUpgrade(upgrade, socket, Buffer.from(request.head), (webSocket) =>
      this.#open(webSocket),
    );
  }

  sendFrame(pixels: Uint8Array, version: number): void {
    const index = this.#frames;
    this.#frames += 1;
    const client = this.#client;
    if (client === null) return;
    // While the avatar drains, a slow client gets the end of the speech first.
    const isBehind = this.#session?.events.draining.aborted === true ? client.hasUnread : client.isBehind;
    if (isBehind || this.#encoder.isBusy) {
      client.skipFrame();
      return;
    }
    const { timestampMs } = this.audio;
    this.#encoder
      .encode(pixels, version)
      .then((jpeg) => client.sendFrame(jpeg, index, timestampMs))
      .catch((error: unknown) => this.#session?.events.fail(encodingError(error)));
  }

  async leave({ isDrained, timeoutMs }: LeaveOptions): Promise<void> {
    clearTimeout(this.#absenceTimer);
    clearInterval(this.#metricsTimer);
    this.#early?.socket.destroy();
    await this.#client?.close(isDrained ? timeoutMs : Math.min(CLOSE_TIMEOUT_MS, timeoutMs));
  }

  #open(webSocket: WebSocket): void {
    const session = this.#session;
    if (session === null || this.#client !== null) {
      webSocket.terminate();
      return;
    }
    const { speech, events, onFirst } = session;
    const receiver = new ClientAudioReceiver(speech);
    const client = new ClientConnection(webSocket, {
      audio: (header, blob) => receiver.receive(header, blob),
      listenAudio: (header, blob) => receiver.receiveHeard(header, blob),
      flush: () => receiver.flush(),
      interrupt: () => {
        receiver.discard();
        speech.interrupt();
      },
      close: () => events.end('client.left'),
      closed: () => {
        receiver.flush();
        this.audio.pause();
        this.#client = null;
        if (events.leaving.aborted) return;
        if (events.draining.aborted) {
          events.end('client.left');
          return;
        }
        events.disconnected();
        this.#waitForClient('client.left', RECONNECT_TIMEOUT_MS);
      },
    });
    clearTimeout(this.#absenceTimer);
    this.#client = client;
    client.sendReady();
    // No audio could arrive in the meantime.
    speech.markActive();
    events.joined();
    events.reconnected();
    onFirst();
  }

  #waitForClient(reason: 'client.left' | 'client.never_connected', timeoutMs: number): void {
    this.#absenceTimer = setTimeout(() => this.#session?.events.end(reason), timeoutMs);
  }
}

function encodingError(error: unknown): PerformanceError {
  const reason = error instanceof Error ? error.message : String(error);
  return new PerformanceError('runtime.error', `The runtime failed to encode a video frame: ${reason}`);
}
