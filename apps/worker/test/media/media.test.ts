import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';

import { RecordType } from '@greenroom/media-protocol';
import { until } from '@greenroom/testing';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import sharp from 'sharp';

import { FrameEncoder } from '../../src/media/frame-encoder.ts';
import type { Assignment } from '../../src/runtime.ts';
import { assignmentWith } from '../harness/assignment.ts';
import { KEY, startControlPlane, type ControlPlaneServer } from '../harness/control-plane-server.ts';
import { runProgram, type Program } from '../harness/program.ts';
import { MediaClient } from './media-client.ts';

/** A process that starts on a busy machine takes a while. */
const TIMEOUT_MS = 60_000;

let server: ControlPlaneServer;
let program: Program;
let mediaUrl: string;

beforeAll(async () => {
  server = await startControlPlane();
  program = runProgram('worker/src/main.ts', {
    GREENROOM_API_URL: server.url,
    GREENROOM_WORKER_KEY: KEY,
    GREENROOM_RUNTIMES: 'livekit',
    GREENROOM_SLOTS: 'livekit=20',
    GREENROOM_MEDIA_PORT: '0',
    LOG_LEVEL: 'trace',
  });
  await program.printed(/"registered"/);
  mediaUrl = server.registrations[0]?.media_url ?? '';
}, TIMEOUT_MS);

afterAll(async () => {
  program.kill('SIGKILL');
  await program.exited;
  await server[Symbol.asyncDispose]();
});

const open: { id: string; clients: MediaClient[] }[] = [];
const tokens: string[] = [];

afterEach(async () => {
  for (const { id, clients } of open.splice(0)) {
    server.direct(id, 'abort');
    for (const client of clients) client.socket.terminate();
    await server.report(
      ({ sessionId, state }) => sessionId === id && (state === 'ended' || state === 'failed'),
    );
  }
});

/** Assigns a session over a WebSocket. Resolves when its client can connect. */
async function assign(session: Partial<Assignment['session']> = {}) {
  const token = `mt_${randomBytes(32).toString('base64url')}`;
  const assignment = assignmentWith({
    session: { transport: { type: 'pipecat' }, ...session },
    worker_token: null,
    media_token: token,
  });
  const { id } = assignment.session;
  const clients: MediaClient[] = [];
  open.push({ id, clients });
  tokens.push(token);
  server.assign(assignment);
  await server.report(({ sessionId }) => sessionId === id);
  const url = `${mediaUrl}/v1/media/${id}`;
  const connect = async (presented = token) => {
    const client = await MediaClient.connect(url, presented);
    clients.push(client);
    return client;
  };
  return { id, url, token, connect, ended: () => ended(id) };
}

function running(id: string) {
  return server.report(({ sessionId, state }) => sessionId === id && state === 'running');
}

function ended(id: string) {
  return server.report(({ sessionId, state }) => sessionId === id && state === 'ended');
}

describe('a session over a WebSocket', () => {
  test(
    'a client gets 25 video frames per second, in sync with the speech that it sends',
    async () => {
      const { id, connect } = await assign();
      const client = await connect();
      expect(client.socket.protocol).toBe('protoface.pipecat.media.v1');
      const [ready] = await client.received(RecordType.ready);
      expect(ready?.header).toMatchObject({ sample_rate: 16_000, num_channels: 1, encoding: 'jpeg' });
      const [first] = await client.received(RecordType.video, 5);
      expect(await sharp(first?.blob).metadata()).toMatchObject({ format: 'jpeg', width: 512, height: 512 });
      await running(id);

      const from = client.records.length;
      client.say(2);
      await until(() => client.heardSeconds > 1.95, 20_000);
      const frames = client.records.slice(from).filter(({ type }) => type === RecordType.video);
      const sound = client.of(RecordType.audio);
      const spanMs = timestamp(sound.at(-1)) - timestamp(sound[0]);
      // Two seconds of sound take two seconds, and each frame has the time of the sound that came with it.
      expect(spanMs).toBeGreaterThan(1_700);
      expect(spanMs).toBeLessThan(2_300);
      const times = new Set(frames.map(timestamp));
      const shown = sound.filter((record) => times.has(timestamp(record)));
      expect(shown.length).toBeGreaterThan(sound.length / 2);
      const indexes = frames.map(({ header }) => Number(header['frame_index']));
      expect(indexes).toEqual([...indexes].sort((a, b) => a - b));
      const rate = (indexes.length - 1) / ((timestamp(frames.at(-1)) - timestamp(frames[0])) / 1000);
      expect(rate).toBeLessThan(26);
      expect(rate).toBeGreaterThan(15);
      expect(await mouthOf(first?.blob)).toBeLessThan(0.05);
      expect(Math.max(...(await Promise.all(frames.map(({ blob }) => mouthOf(blob)))))).toBeGreaterThan(0.12);
      // The sound is unchanged: the tone crosses zero 600 times a second.
      expect(crossingsPerSecond(sound.map(({ blob }) => blob))).toBeGreaterThan(550);
      expect(crossingsPerSecond(sound.map(({ blob }) => blob))).toBeLessThan(650);
    },
    TIMEOUT_MS,
  );

  test('a frame that equals the one before is not encoded again', async () => {
    const encoder = new FrameEncoder();
    const pixels = new Uint8Array(512 * 512 * 4);
    const first = await encoder.encode(pixels, 1);
    expect(await encoder.encode(pixels, 1)).toBe(first);
    const encoding = encoder.encode(pixels.fill(200), 2);
    expect(encoder.isBusy).toBe(true);
    const next = await encoding;
    expect(encoder.isBusy).toBe(false);
    expect(Buffer.compare(next, first)).not.toBe(0);
    expect(await encoder.encode(pixels, 2)).toBe(next);
  });

  test(
    'an interruption drops the rest of the speech, and later speech is heard',
    async () => {
      const { connect } = await assign();
      const client = await connect();
      await client.received(RecordType.video);
      client.say(30);
      await until(() => client.heardSeconds > 0.3, 20_000);
      client.send(RecordType.interrupt);
      const { length } = await client.received(RecordType.metrics, client.of(RecordType.metrics).length + 2);
      const heard = client.heardSeconds;
      await client.received(RecordType.metrics, length + 1);
      expect(client.heardSeconds).toBe(heard);
      expect(heard).toBeLessThan(10);
      client.say(0.5);
      await until(() => client.heardSeconds > heard + 0.45, 20_000);
    },
    TIMEOUT_MS,
  );

  test(
    'one client is connected at a time, and one that was cut off can connect again',
    async () => {
      const { connect, ended: over } = await assign();
      const first = await connect();
      await first.received(RecordType.video);
      await expect(connect()).rejects.toThrow('409');
      first.socket.terminate();
      const client = await connected(connect);
      await client.received(RecordType.video, 3);
      client.send(RecordType.close);
      expect(await client.closed()).toBe(1000);
      expect(await over()).toMatchObject({ reason: 'client.left' });
    },
    TIMEOUT_MS,
  );

  test(
    'a wrong token, the token of another session and a session that is over get the same response',
    async () => {
      const one = await assign();
      const other = await assign();
      await expect(one.connect('mt_wrong')).rejects.toThrow('401');
      await expect(one.connect(other.token)).rejects.toThrow('401');
      await expect(
        MediaClient.connect(`${mediaUrl}/v1/media/${'sess_'.padEnd(31, '0')}`, one.token),
      ).rejects.toThrow('401');
      await expect(MediaClient.connect(`${mediaUrl}/other`, one.token)).rejects.toThrow('404');
      const client = await one.connect();
      await client.received(RecordType.video);
      server.direct(one.id, 'drain');
      expect(await client.closed()).toBe(1000);
      await one.ended();
      await expect(one.connect()).rejects.toThrow('401');
    },
    TIMEOUT_MS,
  );

  test(
    'the socket of a lost assignment is closed at once',
    async () => {
      const { id, connect } = await assign();
      const client = await connect();
      await client.received(RecordType.video);
      server.direct(id, 'abort');
      await client.closed();
    },
    TIMEOUT_MS,
  );

  test(
    'draining finishes the speech sent so far, then closes the connection',
    async () => {
      const { id, connect } = await assign();
      const client = await connect();
      await client.received(RecordType.video);
      client.say(2);
      await until(() => client.heardSeconds > 0.1, 20_000);
      server.direct(id, 'drain');
      expect(await client.closed()).toBe(1000);
      expect(client.heardSeconds).toBeGreaterThan(1.95);
    },
    TIMEOUT_MS,
  );

  test(
    'draining ends a session at once when its client was cut off in the middle of its speech',
    async () => {
      const { id, connect, ended: over } = await assign();
      const client = await connect();
      await client.received(RecordType.video);
      client.say(30);
      await until(() => client.heardSeconds > 0.3, 20_000);
      client.socket.terminate();
      // Enough for the worker to detect the lost connection.
      await delay(1_000);
      const endedAtMs = performance.now();
      server.direct(id, 'drain');
      expect(await over()).toMatchObject({ reason: 'client.left' });
      expect(performance.now() - endedAtMs).toBeLessThan(10_000);
    },
    TIMEOUT_MS,
  );

  test(
    'a session is over by its maximum duration, although its client does not respond',
    async () => {
      const maxSeconds = 6;
      const { id, connect, ended: over } = await assign({ max_duration_seconds: maxSeconds });
      const client = await connect();
      await client.received(RecordType.video);
      client.socket.pause();
      const { first_frame_at: firstFrameAt } = await running(id);
      const { atMs, reason } = await over();
      expect(reason).toBe('session.max_duration');
      const endedAtMs = performance.timeOrigin + atMs;
      expect(endedAtMs - Date.parse(firstFrameAt ?? '')).toBeLessThanOrEqual(maxSeconds * 1000);
    },
    TIMEOUT_MS,
  );

  test(
    'draining before the avatar is ready ends the session at once',
    async () => {
      const { id } = await assign();
      const assignedAtMs = performance.now();
      server.direct(id, 'drain');
      await ended(id);
      expect(performance.now() - assignedAtMs).toBeLessThan(15_000);
    },
    TIMEOUT_MS,
  );

  test(
    'speech sent while it drains is rejected once, and does not cut off earlier speech',
    async () => {
      const { id, connect } = await assign();
      const client = await connect();
      await client.received(RecordType.video);
      client.say(5);
      await until(() => client.heardSeconds > 0.1, 20_000);
      server.direct(id, 'drain');
      await server.report(({ sessionId, state }) => sessionId === id && state === 'ending');
      const sending = setInterval(() => client.say(0.5, { flushes: false }), 100);
      const code = await client.closed();
      clearInterval(sending);
      expect(code).toBe(1000);
      expect(client.heardSeconds).toBeGreaterThan(4.98);
      expect(client.of(RecordType.error).map(({ header }) => header['code'])).toEqual(['audio.buffer_full']);
    },
    TIMEOUT_MS,
  );

  test(
    'the time without a client is not filled: the next client gets sound in real time',
    async () => {
      const { connect } = await assign();
      const first = await connect();
      await first.received(RecordType.video);
      first.say(20);
      await until(() => first.heardSeconds > 0.3, 20_000);
      first.socket.terminate();
      await delay(1_500);
      const next = await connected(connect);
      const [sound] = await next.received(RecordType.audio);
      expect((sound?.blob.length ?? 0) / 2 / 16_000).toBeLessThan(0.4);
    },
    TIMEOUT_MS,
  );

  test(
    'audio that cannot be played is an error, and the connection stays open',
    async () => {
      const { connect } = await assign();
      const client = await connect();
      await client.received(RecordType.video);
      const bytes = new Uint8Array(320);
      client.send(RecordType.audio, { sample_rate: 7, num_channels: 1 }, bytes);
      client.send(RecordType.audio, { sample_rate: 16_000, num_channels: 17 }, bytes);
      client.send(RecordType.audio, { num_channels: 1 }, bytes);
      client.send(RecordType.audio, { sample_rate: 16_000, num_channels: 1 }, new Uint8Array(321));
      client.send(RecordType.listenAudio, { sample_rate: '16000' }, bytes);
      const errors = await client.received(RecordType.error, 5);
      expect(errors.map(({ header }) => header['code'])).toEqual([
        ...['audio.invalid_format', 'audio.invalid_format', 'audio.invalid_format'],
        ...['audio.invalid_length', 'audio.invalid_format'],
      ]);
      client.say(0.3, { rate: 96_000 });
      await until(() => client.heardSeconds > 0.25, 20_000);
    },
    TIMEOUT_MS,
  );

  test(
    'a message that is not a record closes the connection, and the session goes on with the next one',
    async () => {
      const { connect } = await assign();
      const messages: [string | Buffer, number][] = [
        [record(0x02, '', { length: 256 }), 1002],
        [record(0x02, '', { headerLength: 256 }), 1002],
        [record(0x7f), 1002],
        // Only the worker sends this type.
        [record(0x11), 1002],
        [record(0x01, '{'), 1002],
        [record(0x01, `{"a":${'['.repeat(3_000)}`), 1002],
        ['hello', 1003],
        [Buffer.alloc(2 * 1024 * 1024), 1009],
      ];
      for (const [message, code] of messages) {
        const client = await connected(connect);
        await client.received(RecordType.video);
        client.socket.send(message);
        expect(await client.closed()).toBe(code);
        expect(client.of(RecordType.error)).toHaveLength(code === 1009 ? 0 : 1);
      }
    },
    TIMEOUT_MS,
  );

  test(
    'a client that never reads is disconnected',
    async () => {
      const { connect } = await assign();
      const client = await connect();
      await client.received(RecordType.video);
      client.socket.pause();
      // The buffers of the system hold some seconds of video; after that, a ping gets no response.
      await delay(25_000);
      const next = await connect();
      await next.received(RecordType.video, 3);
    },
    TIMEOUT_MS,
  );

  test(
    'a client that does not respond is replaced by the next one',
    async () => {
      const { connect } = await assign();
      const client = await connect();
      await client.received(RecordType.video);
      client.socket.pause();
      await expect(connect()).rejects.toThrow('409');
      await delay(4_000);
      const next = await connect();
      await next.received(RecordType.video, 3);
      // A client that responds keeps its place.
      await expect(connect()).rejects.toThrow('409');
      await delay(4_000);
      await expect(connect()).rejects.toThrow('409');
    },
    TIMEOUT_MS,
  );

  test(
    'a client that reads slowly misses video frames, but no audio',
    async () => {
      const { connect } = await assign();
      const client = await connect();
      await client.received(RecordType.video);
      client.socket.pause();
      client.say(4);
      // The kernel's buffers take about two seconds of video.
      await delay(6_000);
      client.socket.resume();
      await until(() => client.heardSeconds > 3.95, 20_000);
      const [metrics] = (await client.received(RecordType.metrics)).slice(-1);
      expect(metrics?.header['unread_bytes']).toBeLessThan(1_000_000);
    },
    TIMEOUT_MS,
  );

  test(
    'a crash of its process fails the session and disconnects its client, and others continue',
    async () => {
      const other = await assign();
      const witness = await other.connect();
      await witness.received(RecordType.video);
      const earlier = await sessionProcesses();
      const { id, connect } = await assign();
      const client = await connect();
      await client.received(RecordType.video);
      const [pid] = (await sessionProcesses()).filter((one) => !earlier.includes(one));
      process.kill(pid ?? 0, 'SIGKILL');
      expect(await client.closed()).toBe(1006);
      const failed = await server.report(({ sessionId, state }) => sessionId === id && state === 'failed');
      expect(failed.failure?.code).toBe('worker.crashed');
      await witness.received(RecordType.video, witness.of(RecordType.video).length + 10);
    },
    TIMEOUT_MS,
  );

  test('no media token is ever logged', () => {
    expect(program.output()).toContain('"registered"');
    expect(tokens.filter((token) => program.output().includes(token))).toEqual([]);
  });

  test(
    'a worker that is killed disconnects its clients',
    async () => {
      const { connect } = await assign();
      const client = await connect();
      await client.received(RecordType.video);
      program.kill('SIGKILL');
      await client.closed();
      // Nothing reports the end of the session.
      open.length = 0;
    },
    TIMEOUT_MS,
  );
});

/** Returns the processes of the worker's sessions. */
async function sessionProcesses(): Promise<number[]> {
  const { pid } = program.process;
  const children = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8');
  return children.trim().split(' ').filter(Boolean).map(Number);
}

/** Returns the part of the mouth's region that is as dark as its inside, from 0 to 1. */
async function mouthOf(jpeg: Uint8Array | undefined): Promise<number> {
  const region = { left: 215, top: 323, width: 82, height: 56 };
  const pixels = await sharp(jpeg).extract(region).removeAlpha().raw().toBuffer();
  let dark = 0;
  for (let at = 0; at < pixels.length; at += 3) {
    if ((pixels[at] ?? 0) < 125 && (pixels[at + 1] ?? 0) < 70) dark += 1;
  }
  return dark / (pixels.length / 3);
}

/** Connects as soon as the worker has detected that the previous client is gone. */
async function connected(connect: () => Promise<MediaClient>): Promise<MediaClient> {
  for (;;) {
    const client = await connect().catch(() => null);
    if (client !== null) return client;
    await delay(50);
  }
}

function record(
  type: number,
  header = '',
  { length = 5 + header.length, headerLength = header.length } = {},
): Buffer {
  const message = Buffer.alloc(9 + header.length);
  message.writeUInt32BE(length);
  message.writeUInt8(type, 4);
  message.writeUInt32BE(headerLength, 5);
  message.write(header, 9);
  return message;
}

function timestamp(record: { header: Record<string, unknown> } | undefined): number {
  return Number(record?.header['timestamp_ms']);
}

function crossingsPerSecond(parts: Uint8Array[]): number {
  const pcm = Buffer.concat(parts);
  let crossings = 0;
  for (let at = 2; at < pcm.length; at += 2) {
    if (pcm.readInt16LE(at) >= 0 !== pcm.readInt16LE(at - 2) >= 0) crossings += 1;
  }
  return crossings / (pcm.length / 2 / 16_000);
}
