import { setTimeout as delay } from 'node:timers/promises';

import { until } from '@greenroom/testing';
import { afterAll, afterEach, beforeAll, describe, expect, jest, test } from '@jest/globals';

import type { Listener, AudioSample } from '../harness/listener.ts';
import { SUITE, isSkipped, startLiveKitFixture, type LiveKitFixture } from '../harness/livekit-fixture.ts';
import { waitForTerminal } from '../harness/wait-for-terminal.ts';

jest.setTimeout(120_000);

/** Audio above this loudness is speech. */
const MIN_SPEECH_LOUDNESS = 0.02;
/** The dark part of the mouth's region: more is open, less is closed. */
const OPEN = 0.12;
const CLOSED = 0.05;
/** No more audio arrives after a silence of this length. */
const MAX_LATENCY_MS = 500;

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

const loud = (audio: readonly AudioSample[]) =>
  audio.filter(({ loudness }) => loudness > MIN_SPEECH_LOUDNESS);
const mouths = (listener: Listener) => listener.video.map(({ mouth }) => mouth);

/** Resolves with all speech once no more arrives. */
async function allSpeech(listener: Listener): Promise<AudioSample[]> {
  const spoken = () => loud(listener.audio);
  await until(() => performance.now() - (spoken().at(-1)?.atMs ?? Infinity) > MAX_LATENCY_MS);
  return spoken();
}

/** Returns the frequency of samples of 10 ms each, from their zero crossings. */
function hertz(audio: readonly AudioSample[]): number {
  return (audio.reduce((sum, { crossings }) => sum + crossings, 0) / audio.length) * 50;
}

(isSkipped ? describe.skip : describe)(SUITE, () => {
  test('speaks the audio of an agent of the LiveKit Agents framework, and moves its mouth', async () => {
    const { id, room, listener } = await fixture.createRunning();
    const agent = await fixture.startAgent(room);
    expect(Math.max(...mouths(listener).slice(-10))).toBeLessThan(CLOSED);

    agent.say(2, { hertz: 300 });
    await until(() => agent.events('finished').length === 1);
    const [started] = agent.events('started');
    const [finished] = agent.events('finished');
    expect(finished).toMatchObject({ playbackPosition: 2, interrupted: false });
    const [from, to] = [started?.atMs ?? 0, finished?.atMs ?? 0];
    expect(Math.abs(to - from - 2000)).toBeLessThan(300);

    const seen = listener.video.filter(({ atMs }) => atMs > from + 500 && atMs < to - 200);
    expect(seen.length).toBeGreaterThan(15);
    expect(Math.max(...seen.map(({ mouth }) => mouth))).toBeGreaterThan(OPEN);
    const spoken = await allSpeech(listener);
    expect(hertz(spoken)).toBeGreaterThan(250);
    expect(hertz(spoken)).toBeLessThan(350);
    expect(spoken.length * 10).toBeGreaterThan(1800);
    expect(spoken.length * 10).toBeLessThan(2400);

    await until(() => (mouths(listener).at(-1) ?? 1) < CLOSED);
    expect(listener.video.at(-1)).toMatchObject({ width: 512, height: 512 });
    await fixture.system.live.sessions.end(id);
    const { session, history } = await waitForTerminal(fixture.system.live, id);
    expect(history.at(-1)).toBe('ended worker.left');
    const mediaMs = Date.parse(session.ended_at ?? '') - Date.parse(session.first_frame_at ?? '');
    expect(Math.abs(session.usage.billable_seconds * 1000 - mediaMs)).toBeLessThan(1500);
  });

  test('stops within 300 ms when the agent interrupts it, and reports the playback position', async () => {
    const { id, room, listener } = await fixture.createRunning();
    const agent = await fixture.startAgent(room);
    agent.say(5);
    await until(() => loud(listener.audio).length > 100);
    const at = performance.now();
    agent.interrupt();
    await until(() => agent.events('finished').length === 1);
    const spoken = await allSpeech(listener);
    expect((spoken.at(-1)?.atMs ?? Infinity) - at).toBeLessThan(300);
    const [finished] = agent.events('finished');
    expect(finished?.interrupted).toBe(true);
    expect(finished?.playbackPosition).toBeGreaterThan(0.8);
    expect(finished?.playbackPosition).toBeLessThan(3);

    agent.say(1);
    await until(() => agent.events('finished').length === 2);
    expect(agent.events('finished')[1]).toMatchObject({ playbackPosition: 1, interrupted: false });
    await fixture.system.live.sessions.end(id);
    await waitForTerminal(fixture.system.live, id);
  });

  test('plays its utterance to the last sample when its session ends', async () => {
    const { id, listener } = await fixture.createRunning();
    await listener.say(2);
    await until(() => listener.rpcPayloads('lk.playback_started').length === 1);
    await fixture.system.live.sessions.end(id);
    const { history } = await waitForTerminal(fixture.system.live, id);
    expect(history.slice(-2)).toEqual(['ending session.end_requested', 'ended worker.left']);
    expect(listener.rpcPayloads('lk.playback_finished')).toEqual([
      { playback_position: 2, interrupted: false },
    ]);
    expect((await allSpeech(listener)).length * 10).toBeGreaterThan(1800);
  });

  test('plays the next speaker when one leaves in the middle of an utterance', async () => {
    const { id, room } = await fixture.createRunning();
    const quitter = await fixture.join(room, 'quitter');
    await quitter.say(1, { ends: false });
    await until(() => quitter.rpcPayloads('lk.playback_started').length === 1);
    // LiveKit reports joins and leaves in batches, and omits the shortest visits.
    await delay(2_000);
    await quitter.leave();
    const agent = await fixture.startAgent(room);
    agent.say(1);
    await until(() => agent.events('finished').length === 1);
    expect(agent.events('finished')[0]).toMatchObject({ playbackPosition: 1, interrupted: false });
    await fixture.system.live.sessions.end(id);
    await waitForTerminal(fixture.system.live, id);
  });

  test('plays a participant’s track, and stays as long as frames arrive, even silent ones', async () => {
    const { id, room, listener } = await fixture.createRunning({
      transport: { audio_source: 'track', subscribe_to_identity: 'visitor' },
      idle_timeout_seconds: 3,
    });
    expect(listener.trackNames.toSorted()).toEqual(['protoface-avatar', 'protoface-avatar-audio']);
    const spoken = listener.speak(4);
    await until(() => loud(listener.audio).length > 100);
    const interruptedAtMs = performance.now();
    expect(await listener.interrupt()).toBe('ok');
    await spoken;
    const heard = await allSpeech(listener);
    expect(heard.length * 10).toBeGreaterThan(2500);
    expect(Math.max(...mouths(listener))).toBeGreaterThan(OPEN);
    // Audio in flight is dropped, and the rest is heard.
    const gaps = heard.map(({ atMs }, index) => ({ atMs, ms: atMs - (heard[index - 1]?.atMs ?? atMs) }));
    const longest = gaps.reduce((best, one) => (one.ms > best.ms ? one : best));
    expect(longest.ms).toBeGreaterThan(150);
    expect(longest.atMs).toBeGreaterThan(interruptedAtMs);

    await listener.speak(5, { hertz: 0 });
    expect((await fixture.system.live.sessions.get(id)).status).toBe('running');
    const { tracks } = await fixture.livekit.rooms.getParticipant(room, 'visitor');
    await fixture.livekit.rooms.mutePublishedTrack(room, 'visitor', tracks[0]?.sid ?? '', true);
    const { history } = await waitForTerminal(fixture.system.live, id);
    expect(history.slice(-2)).toEqual(['ending session.idle', 'ended worker.left']);
  });

  test('plays one track at a time, and another participant’s once the current one leaves', async () => {
    const { id, room, listener } = await fixture.createRunning(
      { transport: { audio_source: 'track' } },
      { video: false },
    );
    const first = await fixture.join(room, 'first', { video: false });
    const second = await fixture.join(room, 'second', { video: false });
    await first.speak(1, { hertz: 300 });
    const next = second.speak(6, { hertz: 600 });
    const ofFirst = await allSpeech(listener);
    expect(ofFirst.length * 10).toBeGreaterThan(800);
    expect(hertz(ofFirst)).toBeLessThan(350);
    await first.leave();
    await next;
    const ofSecond = (await allSpeech(listener)).slice(ofFirst.length);
    expect(ofSecond.length * 10).toBeGreaterThan(2_000);
    expect(hertz(ofSecond)).toBeGreaterThan(550);
    await fixture.system.live.sessions.end(id);
    await waitForTerminal(fixture.system.live, id);
  });

  test('plays a tone on request in an empty room, until a participant joins', async () => {
    const { id, room } = await fixture.create({ transport: { synthetic_audio_if_no_input: true } });
    const hidden = await fixture.join(room, 'inspector', { grant: { hidden: true } });
    await until(() => loud(hidden.audio).length > 50, 20_000);
    expect(hertz(loud(hidden.audio))).toBeGreaterThan(180);
    expect(hertz(loud(hidden.audio))).toBeLessThan(260);
    const { first_frame_at: firstFrameAt } = await fixture.system.live.sessions.get(id);
    expect(Date.now() - Date.parse(firstFrameAt ?? '')).toBeGreaterThan(9_500);

    await fixture.join(room, 'guest');
    // The tone repeats every two seconds.
    await until(() => performance.now() - (loud(hidden.audio).at(-1)?.atMs ?? Infinity) > 2_500);
    await fixture.system.live.sessions.end(id);
    await waitForTerminal(fixture.system.live, id);
  });

  test('leaves at the maximum duration of its session, even in the middle of an utterance', async () => {
    // The agent takes seconds to start on a busy machine.
    const { id, room } = await fixture.createRunning({ max_duration_seconds: 12 });
    const agent = await fixture.startAgent(room);
    agent.say(30, { hertz: 300 });
    await until(() => agent.events('finished').length === 1);
    expect(agent.events('finished')[0]?.interrupted).toBe(true);
    const over = await fixture.system.live.sessions.waitFor(id, ['ended'], { timeoutMs: 60_000 });
    const lastedMs = Date.parse(over.ended_at ?? '') - Date.parse(over.first_frame_at ?? '');
    expect(lastedMs).toBeLessThanOrEqual(12_000);
    await until(() => fixture.hasLeft(room));
    const { data } = await fixture.system.live.sessions.events(id);
    expect(data.map(({ reason }) => reason)).toContain('session.max_duration');
  });

  test('leaves after the idle timeout without audio', async () => {
    const { id } = await fixture.create({ idle_timeout_seconds: 2 });
    const { session, history } = await waitForTerminal(fixture.system.live, id);
    expect(history.slice(-2)).toEqual(['ending session.idle', 'ended worker.left']);
    expect(session.usage.billable_seconds).toBeGreaterThanOrEqual(2);
    expect(session.usage.billable_seconds).toBeLessThanOrEqual(3);
  });
});
