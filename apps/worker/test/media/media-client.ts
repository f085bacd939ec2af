import { once } from 'node:events';

import { mediaProtocol } from '@greenroom/contract';
import { decodeRecord, encodeRecord, RecordType, type MediaRecord } from '@greenroom/media-protocol';
import { until } from '@greenroom/testing';
import { WebSocket, type ClientOptions } from 'ws';

export type SeenRecord = MediaRecord & { atMs: number };

/** A client of a session over a WebSocket, like a browser or Pipecat. */
export class MediaClient {
  readonly records: SeenRecord[] = [];
  readonly socket: WebSocket;
  closedWith: number | null = null;

  private constructor(socket: WebSocket) {
    this.socket = socket;
    socket.on('message', (data: Buffer) => {
      this.records.push({ ...decodeRecord(data), atMs: performance.now() });
    });
    socket.on('close', (code) => {
      this.closedWith = code;
    });
    socket.on('error', () => undefined);
  }

  /** Rejects with the response's status when the worker rejects the connection. */
  static async connect(url: string, token: string, options: ClientOptions = {}): Promise<MediaClient> {
    const socket = new WebSocket(url, [mediaProtocol, token], options);
    const client = new MediaClient(socket);
    await new Promise<void>((resolve, reject) => {
      socket.once('open', resolve);
      socket.once('unexpected-response', (_request, response) => {
        reject(new Error(`Rejected with ${response.statusCode}`));
        response.destroy();
      });
      socket.once('error', reject);
    });
    return client;
  }

  of(type: RecordType): SeenRecord[] {
    return this.records.filter((record) => record.type === type);
  }

  /** Resolves when the client has received `count` records of a type. */
  async received(type: RecordType, count = 1): Promise<SeenRecord[]> {
    await until(() => this.of(type).length >= count, 20_000);
    return this.of(type);
  }

  send(type: RecordType, header?: Record<string, unknown>, blob?: Uint8Array): void {
    this.socket.send(encodeRecord(type, header, blob));
  }

  /** Sends a tone, as a complete utterance unless `flushes` is false. */
  say(seconds: number, { hertz = 300, rate = 24_000, flushes = true } = {}): void {
    const pcm = Buffer.alloc(Math.round(rate * seconds) * 2);
    for (let index = 0; index < pcm.length / 2; index += 1) {
      pcm.writeInt16LE(Math.round(9_000 * Math.sin((2 * Math.PI * hertz * index) / rate)), index * 2);
    }
    // 50 ms a record.
    for (let at = 0; at < pcm.length; at += rate / 10) {
      this.send(RecordType.audio, { sample_rate: rate, num_channels: 1 }, pcm.subarray(at, at + rate / 10));
    }
    if (flushes) this.send(RecordType.flush);
  }

  /** Seconds of sound that were received. */
  get heardSeconds(): number {
    return this.of(RecordType.audio).reduce((sum, { blob }) => sum + blob.length / 2 / 16_000, 0);
  }

  async closed(): Promise<number> {
    if (this.closedWith === null) await once(this.socket, 'close');
    return this.closedWith ?? 0;
  }
}
