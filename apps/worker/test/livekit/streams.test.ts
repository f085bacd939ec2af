import { setTimeout as delay } from 'node:timers/promises';

import { until } from '@greenroom/testing';
import { afterAll, afterEach, beforeAll, describe, expect, jest, test } from '@jest/globals';

import type { AudioSample, Listener, SpeechStream } from '../harness/listener.ts';
import { SUITE, isSkipped, startLiveKitFixture, type LiveKitFixture } from '../harness/livekit-fixture.ts';
import { waitForTerminal } from '../harness/wait-for-terminal.ts';

jest.setTimeout(120_000);

/** Audio above this loudness is speech. */
const MIN_SPEECH_LOUDNESS = 0.02;
/** The dark part of the mouth's region from which it is open. */
const MIN_OPEN_MOUTH = 0.06;
const WITHOUT_VIDEO = { video: false };

let fixture: LiveKitFixture;

beforeAll(async () => {
  if (isSkipped) return;
  fixture = await startLiveKitFixture();
  await fixture.startWorker();
});
afterAll(async () => {
  if (!isSkipped) await fixture[Symbol.asyncDispose]();
});
afterEach(async () => {
  await fixture.clear();
});

const isSpeech = ({ loudness }: AudioSample) => loudness > MIN_SPEECH_LOUDNESS;
const spokenMs = (listener: Listener) => listener.audio.filter(isSpeech).length * 10;
const outcomes = (listener: Listener) =>
  listener.reports.map(({ position, interrupted }) => ({ position, interrupted }));

async function end(id: string): Promise<void> {
  await fixture.system.live.sessions.end(id);
  await waitForTerminal(fixture.system.live, id);
}

(isSkipped ? describe.skip : describe)(SUITE, () => {
  test('hears an open stream after a long pause, an interruption, and more than 64 MiB', async () => {
    await Promise.all([speakAfterPause(), speakAfterManyBytes()]);
  });

  test('plays a stream at once when the end of the previous one was lost', async () => {
    const { id, listener } = await fixture.createRunning({}, WITHOUT_VIDEO);
    await listener.say(1, { ends: false });
    await until(() => listener.rpcPayloads('lk.playback_started').length === 1);
    await listener.say(1);
    await until(() => listener.reports.length === 2);
    expect(outcomes(listener)).toEqual([
      { position: 1, interrupted: false },
      { position: 1, interrupted: false },
    ]);
    const [first, second] = listener.reports;
    expect((second?.atMs ?? 0) - (first?.atMs ?? 0)).toBeLessThan(5_000);
    await end(id);
  });

  test('reports each utterance once and in order after an interruption, although calls fail', async () => {
    const { id, listener } = await fixture.createRunning({}, WITHOUT_VIDEO);
    for (const seconds of [3, 2, 1]) await listener.say(seconds);
    await until(() => spokenMs(listener) > 500);
    listener.failCalls(2);
    await listener.interrupt();
    await until(() => listener.reports.length === 3);
    const [first, ...others] = outcomes(listener);
    expect(first?.interrupted).toBe(true);
    expect(first?.position).toBeGreaterThan(0.3);
    expect(others).toEqual([
      { position: 0, interrupted: true },
      { position: 0, interrupted: true },
    ]);
    await end(id);
    expect(listener.reports).toHaveLength(3);
  });

  test('reports streams of every format, even those sent while it drains', async () => {
    const { id, listener } = await fixture.createRunning({}, WITHOUT_VIDEO);
    for (const attributes of [{ sample_rate: '0' }, { sample_rate: '7' }, { num_channels: '17' }]) {
      const stream = await listener.openStream(attributes);
      await stream.close();
    }
    // Half a second, and half a sample.
    const stream = await listener.openStream({ sample_rate: '96000' });
    await stream.write(new Uint8Array(96_001));
    await stream.close();
    await listener.say(4);
    await until(() => listener.rpcPayloads('lk.playback_started').length === 2);
    await fixture.system.live.sessions.end(id);
    // The first of these arrive before the worker knows that it drains.
    for (let count = 0; count < 10; count += 1) {
      await listener.say(0.1);
      await delay(200);
    }
    const { history } = await waitForTerminal(fixture.system.live, id);
    expect(history.at(-1)).toBe('ended worker.left');
    const refused = { position: 0, interrupted: true };
    const reports = outcomes(listener);
    expect(reports).toHaveLength(15);
    expect(reports.slice(0, 3)).toEqual([refused, refused, refused]);
    expect(reports[3]).toMatchObject({ position: expect.closeTo(0.5, 1), interrupted: false });
    expect(reports[4]).toEqual({ position: 4, interrupted: false });
    expect(reports.at(-1)).toEqual(refused);
  });

  test('reports the end of an utterance when its sound has left', async () => {
    const { id, listener } = await fixture.createRunning({}, WITHOUT_VIDEO);
    const aheadMs: number[] = [];
    for (let count = 1; count <= 3; count += 1) {
      await listener.say(1);
      await until(() => listener.reports.length === count);
      await until(() => performance.now() - (listener.audio.findLast(isSpeech)?.atMs ?? 0) > 500);
      aheadMs.push((listener.audio.findLast(isSpeech)?.atMs ?? 0) - (listener.reports.at(-1)?.atMs ?? 0));
    }
    // The rest is the network and the listener's buffer.
    expect(Math.min(...aheadMs)).toBeLessThan(200);
    await end(id);
  });

  test('hears streams sent at the moment it joins', async () => {
    const rooms = ['moment-1', 'moment-2', 'moment-3', 'moment-4'];
    const ended = rooms.map(async (room) => {
      const listener = await fixture.join(room, 'visitor', WITHOUT_VIDEO);
      listener.sayWhenAvatarJoins(0.5);
      const { id } = await fixture.create({ transport: { room_name: room } });
      await until(() => listener.reports.length > 0);
      expect(outcomes(listener)).toEqual([{ position: 0.5, interrupted: false }]);
      await end(id);
    });
    await Promise.all(ended);
  });

  test('catches up after a sender in real time stalls', async () => {
    const { id, listener } = await fixture.createRunning({}, WITHOUT_VIDEO);
    const stream = await listener.openStream();
    await sendInRealTime(stream, [
      [1, 300],
      [0, 300, 1_000],
      [1, 300],
      [2, 0],
    ]);
    const sentAtMs = performance.now();
    const before = spokenMs(listener);
    await sendInRealTime(stream, [[0.5, 300]]);
    await until(() => spokenMs(listener) > before + 300);
    const heardAtMs = listener.audio.filter(isSpeech).at(before / 10)?.atMs ?? Infinity;
    expect(heardAtMs - sentAtMs).toBeLessThan(700);
    await end(id);
  });

  test('shows the mouth within 40 ms of the sound', async () => {
    const { id, listener } = await fixture.createRunning();
    // A busy machine delays what the listener hears, so a round without a pause of the machine counts.
    await until(async () => Math.abs(await measureMouth(listener)) < 40, 60_000);
    await end(id);
  });
});

async function speakAfterPause(): Promise<void> {
  const { id, listener } = await fixture.createRunning({}, WITHOUT_VIDEO);
  const stream = await listener.openStream();
  await stream.tone(1);
  await until(() => spokenMs(listener) > 900);
  // The pause is the input of this test.
  await delay(22_000);
  expect(listener.reports).toEqual([]);
  await stream.tone(5);
  await until(() => spokenMs(listener) > 1500);
  expect(await listener.interrupt()).toBe('ok');
  await until(() => listener.reports.length === 1);
  const heardMs = spokenMs(listener);
  const [cut] = listener.reports;
  expect(cut?.interrupted).toBe(true);
  expect(cut?.position).toBeGreaterThan(1.3);
  expect(cut?.position).toBeLessThan(4);

  // Audio sent at once belongs to the interrupted utterance.
  await delay(500);
  await stream.tone(1);
  await stream.close();
  await until(() => listener.reports.length === 2);
  expect(outcomes(listener)[1]).toEqual({ position: 1, interrupted: false });
  await until(() => spokenMs(listener) > heardMs + 900);
  await end(id);
  expect(listener.reports).toHaveLength(2);
}

async function speakAfterManyBytes(): Promise<void> {
  const { id, listener } = await fixture.createRunning({}, WITHOUT_VIDEO);
  const stream = await listener.openStream({ sample_rate: '192000', num_channels: '2' });
  const mebibyte = new Uint8Array(1024 * 1024);
  for (let sent = 0; sent < 66; sent += 1) await stream.write(mebibyte);
  await until(() => listener.rpcPayloads('lk.playback_started').length === 1);
  await listener.interrupt();
  await delay(500);
  // A tone at another rate than the stream has: any sound will do.
  await stream.tone(12);
  await stream.close();
  await until(() => spokenMs(listener) > 300);
  await end(id);
}

/** Plays a few tones. Returns how many milliseconds after the sound the mouth opens; the median. */
async function measureMouth(listener: Listener): Promise<number> {
  const fromMs = performance.now();
  const finished = listener.reports.length;
  const stream = await listener.openStream();
  for (let count = 0; count < 5; count += 1) {
    await stream.tone(0.4);
    await stream.tone(0.4, 0);
  }
  await stream.close();
  const sounds = () => onsets(listener.audio, fromMs, isSpeech);
  const mouths = () => onsets(listener.video, fromMs, ({ mouth }) => mouth > MIN_OPEN_MOUTH);
  await until(() => listener.reports.length > finished && sounds().length === 5 && mouths().length > 0);
  const offsetsMs = sounds().map((soundAt) => nearest(mouths(), soundAt) - soundAt);
  return offsetsMs.toSorted((one, other) => one - other)[2] ?? Infinity;
}

/** Returns when each sound or movement began, after a pause of 200 ms. */
function onsets<Sample extends { atMs: number }>(
  samples: readonly Sample[],
  fromMs: number,
  isOn: (sample: Sample) => boolean,
): number[] {
  const found: number[] = [];
  let lastAtMs = -Infinity;
  for (const { atMs } of samples.filter((sample) => sample.atMs > fromMs && isOn(sample))) {
    if (atMs - lastAtMs > 200) found.push(atMs);
    lastAtMs = atMs;
  }
  return found;
}

function nearest(values: readonly number[], to: number): number {
  return values.reduce((best, one) => (Math.abs(one - to) < Math.abs(best - to) ? one : best), Infinity);
}

/**
 * Sends tones at the pace at which they are played. With a stall, sends nothing for that time, and then all of it at
 * once.
 */
async function sendInRealTime(
  stream: SpeechStream,
  parts: [seconds: number, hertz: number, stallMs?: number][],
): Promise<void> {
  let dueAtMs = performance.now();
  for (const [seconds, hertz, stallMs = 0] of parts) {
    if (stallMs > 0) {
      dueAtMs += stallMs;
      await delay(dueAtMs - performance.now());
      await stream.tone(stallMs / 1000, hertz);
    }
    for (let sent = 0; sent < seconds; sent += 0.02) {
      await stream.tone(0.02, hertz);
      dueAtMs += 20;
      await delay(Math.max(0, dueAtMs - performance.now()));
    }
  }
}
