import { randomBytes } from 'node:crypto';

import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { RecordType } from '@greenroom/media-protocol';
import { until } from '@greenroom/testing';
import sharp from 'sharp';

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

afterEach(async () => {
  for (const { id, clients } of open.splice(0)) {
    server.direct(id, 'abort');
    for (const client of clients) client.socket.terminate();
    await server.report(({ sessionId, state }) => sessionId === id && state === 'ended');
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

function ended(id: string) {
  return server.report(({ sessionId, state }) => sessionId === id && state === 'ended');
}

describe('a session over a WebSocket', () => {
  test(
    'a client gets 25 pictures per second, and the speech that it sends in step with them',
    async () => {
      const { id, connect } = await assign();
      const client = await connect();
      expect(client.socket.protocol).toBe('protoface.pipecat.media.v1');
      const [ready] = await client.received(RecordType.ready);
      expect(ready?.header).toMatchObject({ sample_rate: 16_000, num_channels: 1, encoding: 'jpeg' });
      const [first] = await client.received(RecordType.video, 5);
      expect(await sharp(first?.blob).metadata()).toMatchObject({ format: 'jpeg', width: 512, height: 512 });
      await server.report(({ sessionId, state }) => sessionId === id && state === 'running');

      const from = client.records.length;
      client.say(2);
      await until(() => client.heardSeconds > 1.95, 20_000);
      const pictures = client.records.slice(from).filter(({ type }) => type === RecordType.video);
      const sound = client.of(RecordType.audio);
      const spanMs = timestamp(sound.at(-1)) - timestamp(sound[0]);
      // Two seconds of sound take two seconds, and each picture has the time of the sound that came with it.
      expect(spanMs).toBeGreaterThan(1_700);
      expect(spanMs).toBeLessThan(2_300);
      const times = new Set(pictures.map(timestamp));
      const shown = sound.filter((record) => times.has(timestamp(record)));
      expect(shown.length).toBeGreaterThan(sound.length / 2);
      const indexes = pictures.map(({ header }) => Number(header['frame_index']));
      expect(indexes).toEqual([...indexes].sort((a, b) => a - b));
      const rate = (indexes.length - 1) / ((timestamp(pictures.at(-1)) - timestamp(pictures[0])) / 1000);
      expect(rate).toBeLessThan(26);
      // What was sent sounds as it did: the tone crosses zero 600 times a second.
      expect(crossingsPerSecond(sound.map(({ blob }) => blob))).toBeGreaterThan(550);
      expect(crossingsPerSecond(sound.map(({ blob }) => blob))).toBeLessThan(650);
    },
    TIMEOUT_MS,
  );

  test(
    'an interruption drops what has not been said, and later speech is heard',
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
      let second: MediaClient | null = null;
      await until(async () => {
        second = await connect().catch(() => null);
        return second !== null;
      }, 20_000);
      const client = second as unknown as MediaClient;
      await client.received(RecordType.video, 3);
      client.send(RecordType.close);
      expect(await client.closed()).toBe(1000);
      expect(await over()).toMatchObject({ reason: 'client.left' });
    },
    TIMEOUT_MS,
  );

  test(
    'a wrong token, a token of another session and a session that is over are refused alike',
    async () => {
      const one = await assign();
      const other = await assign();
      await expect(one.connect('mt_wrong')).rejects.toThrow('401');
      await expect(one.connect(other.token)).rejects.toThrow('401');
      await expect(MediaClient.connect(`${mediaUrl}/v1/media/${'sess_'.padEnd(31, '0')}`, one.token)).rejects.toThrow('401');
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
    'draining finishes the speech that was sent, then closes the connection',
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

  test.each([
    ['a record that lies about its length', Buffer.from([0, 0, 1, 0, 2, 0, 0, 0, 0]), 1002],
    ['an unknown type', Buffer.from([0, 0, 0, 5, 0x7f, 0, 0, 0, 0]), 1002],
    ['a type of the worker', Buffer.from([0, 0, 0, 5, 0x11, 0, 0, 0, 0]), 1002],
    ['a header that is not JSON', Buffer.from([0, 0, 0, 6, 1, 0, 0, 0, 1, 0x7b]), 1002],
    ['a text message', 'hello', 1003],
    ['a message of 2 MiB', Buffer.alloc(2 * 1024 * 1024), 1009],
  ])(
    '%s closes the connection, and the session goes on with the next one',
    async (_case, message, code) => {
      const { connect } = await assign();
      const client = await connect();
      await client.received(RecordType.video);
      client.socket.send(message);
      expect(await client.closed()).toBe(code);
      let again: MediaClient | null = null;
      await until(async () => {
        again = await connect().catch(() => null);
        return again !== null;
      }, 20_000);
      await (again as unknown as MediaClient).received(RecordType.video);
    },
    TIMEOUT_MS,
  );
});

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
