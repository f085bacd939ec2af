import { setTimeout as sleep } from 'node:timers/promises';

import { until } from '@greenroom/testing';
import { afterAll, afterEach, beforeAll, describe, expect, jest, test } from '@jest/globals';

import type { AudioSample, Listener, SpeechStream } from '../harness/listener.ts';
import { SUITE, isSkipped, startLiveKitFixture, type LiveKitFixture } from '../harness/livekit-fixture.ts';
import { waitForTerminal } from '../harness/wait-for-terminal.ts';

jest.setTimeout(120_000);

/** Audio above this loudness is speech. */
const MIN_SPEECH_LOUDNESS = 0.02;
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
  test('hears a stream that stays open after a long pause, and again after an interruption', async () => {
    const { id, listener } = await fixture.createRunning({}, WITHOUT_VIDEO);
    const stream = await listener.openStream();
    await stream.tone(1);
    await until(() => spokenMs(listener) > 900);
    // The pause is the input of this test.
    await sleep(22_000);
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

    // What is sent at once belongs to what was interrupted.
    await sleep(500);
    await stream.tone(1);
    await stream.close();
    await until(() => listener.reports.length === 2);
    expect(outcomes(listener)[1]).toEqual({ position: 1, interrupted: false });
    await until(() => spokenMs(listener) > heardMs + 900);
    await end(id);
    expect(listener.reports).toHaveLength(2);
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

  test('reports streams that it cannot play, and those that are sent while it drains', async () => {
    const { id, listener } = await fixture.createRunning({}, WITHOUT_VIDEO);
    for (const attributes of [{ sample_rate: '0' }, { num_channels: '5' }]) {
      const stream = await listener.openStream(attributes);
      await stream.close();
    }
    await listener.say(2);
    await until(() => listener.rpcPayloads('lk.playback_started').length === 1);
    await fixture.system.live.sessions.end(id);
    await fixture.system.live.sessions.waitFor(id, ['ending'], { pollIntervalMs: 50 });
    await until(async () => {
      await listener.say(1);
      return listener.reports.length > 3;
    });
    const { history } = await waitForTerminal(fixture.system.live, id);
    expect(history.at(-1)).toBe('ended worker.left');
    const refused = { position: 0, interrupted: true };
    const played = outcomes(listener).findIndex(({ position }) => position === 2);
    expect(outcomes(listener).slice(0, 2)).toEqual([refused, refused]);
    expect(outcomes(listener)[played]).toEqual({ position: 2, interrupted: false });
    expect(outcomes(listener)[played + 1]).toEqual(refused);
  });

  test('reports that an utterance has finished when its sound has left', async () => {
    const { id, listener } = await fixture.createRunning({}, WITHOUT_VIDEO);
    const aheadMs: number[] = [];
    for (let count = 1; count <= 3; count += 1) {
      await listener.say(1);
      await until(() => listener.reports.length === count);
      await until(() => performance.now() - (listener.audio.findLast(isSpeech)?.atMs ?? 0) > 500);
      aheadMs.push((listener.audio.findLast(isSpeech)?.atMs ?? 0) - (listener.reports.at(-1)?.atMs ?? 0));
    }
    console.log('heard after report', aheadMs);
    // What remains is the network and the listener's buffer.
    expect(Math.min(...aheadMs)).toBeLessThan(200);
    await end(id);
  });

  test('makes up for a stall of a sender in real time', async () => {
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
    console.log('late by', heardAtMs - sentAtMs);
    expect(heardAtMs - sentAtMs).toBeLessThan(700);
    await end(id);
  });

  test('shows the mouth in step with the sound', async () => {
    const { id, listener } = await fixture.createRunning();
    const stream = await listener.openStream();
    for (let count = 0; count < 8; count += 1) {
      await stream.tone(0.4);
      await stream.tone(0.4, 0);
    }
    await stream.close();
    await until(() => listener.reports.length === 1);
    await sleep(500);
    const sound = onsets(listener.audio, ({ loudness }) => loudness > MIN_SPEECH_LOUDNESS, 200);
    const mouth = onsets(listener.video, (frame) => frame.mouth > 0.06, 200);
    const offsets = sound.map((at) => {
      const nearest = mouth.reduce((best, one) => (Math.abs(one - at) < Math.abs(best - at) ? one : best), Infinity);
      return nearest - at;
    });
    console.log(offsets);
    await end(id);
  });
});

function onsets<Sample extends { atMs: number }>(samples: readonly Sample[], isOn: (sample: Sample) => boolean, quietMs: number): number[] {
  const found: number[] = [];
  let lastOn = -Infinity;
  for (const sample of samples) {
    if (!isOn(sample)) continue;
    if (sample.atMs - lastOn > quietMs) found.push(sample.atMs);
    lastOn = sample.atMs;
  }
  return found;
}

/** Sends tones at the pace at which they are played. With a stall, nothing is sent for that time, and then all of it. */
async function sendInRealTime(
  stream: SpeechStream,
  parts: [seconds: number, hertz: number, stallMs?: number][],
): Promise<void> {
  let dueAtMs = performance.now();
  for (const [seconds, hertz, stallMs = 0] of parts) {
    if (stallMs > 0) {
      dueAtMs += stallMs;
      await sleep(dueAtMs - performance.now());
      await stream.tone(stallMs / 1000, hertz);
    }
    for (let sent = 0; sent < seconds; sent += 0.02) {
      await stream.tone(0.02, hertz);
      dueAtMs += 20;
      await sleep(Math.max(0, dueAtMs - performance.now()));
    }
  }
}
