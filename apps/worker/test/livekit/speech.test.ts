import { setTimeout as sleep } from 'node:timers/promises';

import { until } from '@greenroom/testing';
import { afterAll, afterEach, beforeAll, describe, expect, jest, test } from '@jest/globals';

import type { Audience, Sound } from '../harness/audience.ts';
import { IN_A_ROOM, isLeftOut, startLiveStage, type LiveStage } from '../harness/live-stage.ts';
import { settled } from '../harness/settled.ts';

jest.setTimeout(120_000);

/** Loudness of what is spoken, from 0 to 1. */
const SPOKEN = 0.02;
/** Part of the mouth's region that is dark, at least and at most. */
const OPEN = 0.12;
const SHUT = 0.05;
/** What is not heard after so long is not under way any more. */
const ON_THE_WAY_MS = 500;

let stage: LiveStage;

beforeAll(async () => {
  if (isLeftOut) return;
  stage = await startLiveStage();
  await stage.startWorker();
});
afterAll(async () => {
  if (!isLeftOut) await stage[Symbol.asyncDispose]();
});
afterEach(async () => {
  await stage.clear();
});

const loud = (sounds: readonly Sound[]) => sounds.filter(({ loudness }) => loudness > SPOKEN);
const mouths = (audience: Audience) => audience.sights.map(({ mouth }) => mouth);

/** Everything that was spoken: what has been handed over is still on its way for a moment. */
async function allThatIsSpoken(audience: Audience): Promise<Sound[]> {
  const spoken = () => loud(audience.sounds);
  await until(() => performance.now() - (spoken().at(-1)?.atMs ?? Infinity) > ON_THE_WAY_MS);
  return spoken();
}

/** Of sounds of 10 ms each, by how often they cross zero. */
function hertz(sounds: readonly Sound[]): number {
  return (sounds.reduce((sum, { crossings }) => sum + crossings, 0) / sounds.length) * 50;
}

(isLeftOut ? describe.skip : describe)(IN_A_ROOM, () => {
  test('speaks what an agent of the LiveKit Agents framework says, and moves its mouth meanwhile', async () => {
    const { id, room, audience } = await stage.onStage();
    const agent = await stage.agent(room);
    expect(Math.max(...mouths(audience).slice(-10))).toBeLessThan(SHUT);

    agent.say(2, { hertz: 300 });
    await until(() => agent.heard('finished').length === 1);
    const [started] = agent.heard('started');
    const [finished] = agent.heard('finished');
    expect(finished).toMatchObject({ playbackPosition: 2, interrupted: false });
    const [from, to] = [started?.atMs ?? 0, finished?.atMs ?? 0];
    expect(Math.abs(to - from - 2000)).toBeLessThan(300);

    const seen = audience.sights.filter(({ atMs }) => atMs > from + 500 && atMs < to - 200);
    expect(seen.length).toBeGreaterThan(15);
    expect(Math.max(...seen.map(({ mouth }) => mouth))).toBeGreaterThan(OPEN);
    const spoken = await allThatIsSpoken(audience);
    expect(hertz(spoken)).toBeGreaterThan(250);
    expect(hertz(spoken)).toBeLessThan(350);
    expect(spoken.length * 10).toBeGreaterThan(1800);
    expect(spoken.length * 10).toBeLessThan(2400);

    await until(() => (mouths(audience).at(-1) ?? 1) < SHUT);
    expect(audience.sights.at(-1)).toMatchObject({ width: 512, height: 512 });
    await stage.system.live.sessions.end(id);
    const { session, history } = await settled(stage.system.live, id);
    expect(history.at(-1)).toBe('ended worker.left');
    const mediaMs = Date.parse(session.ended_at ?? '') - Date.parse(session.first_frame_at ?? '');
    expect(Math.abs(session.usage.billable_seconds * 1000 - mediaMs)).toBeLessThan(1500);
  });

  test('stops within 300 ms when the agent interrupts it, and says how far it came', async () => {
    const { id, room, audience } = await stage.onStage();
    const agent = await stage.agent(room);
    agent.say(5);
    await until(() => loud(audience.sounds).length > 100);
    const at = performance.now();
    agent.interrupt();
    await until(() => agent.heard('finished').length === 1);
    const spoken = await allThatIsSpoken(audience);
    expect((spoken.at(-1)?.atMs ?? Infinity) - at).toBeLessThan(300);
    const [finished] = agent.heard('finished');
    expect(finished?.interrupted).toBe(true);
    expect(finished?.playbackPosition).toBeGreaterThan(0.8);
    expect(finished?.playbackPosition).toBeLessThan(3);

    agent.say(1);
    await until(() => agent.heard('finished').length === 2);
    expect(agent.heard('finished')[1]).toMatchObject({ playbackPosition: 1, interrupted: false });
    await stage.system.live.sessions.end(id);
    await settled(stage.system.live, id);
  });

  test('finishes what it is saying when it is ended, to the last sample', async () => {
    const { id, audience } = await stage.onStage();
    await audience.say(2);
    await until(() => audience.called('lk.playback_started').length === 1);
    await stage.system.live.sessions.end(id);
    const { history } = await settled(stage.system.live, id);
    expect(history.slice(-2)).toEqual(['ending session.end_requested', 'ended worker.left']);
    expect(audience.called('lk.playback_finished')).toEqual([{ playback_position: 2, interrupted: false }]);
    expect((await allThatIsSpoken(audience)).length * 10).toBeGreaterThan(1800);
  });

  test('listens to the next who speaks when one left in the middle of a sentence', async () => {
    const { id, room } = await stage.onStage();
    const quitter = await stage.visitor(room, 'quitter');
    await quitter.say(1, { ends: false });
    await until(() => quitter.called('lk.playback_started').length === 1);
    // LiveKit tells of who came and left in batches, and of the shortest visits not at all.
    await sleep(2_000);
    await quitter.leave();
    const agent = await stage.agent(room);
    agent.say(1);
    await until(() => agent.heard('finished').length === 1);
    expect(agent.heard('finished')[0]).toMatchObject({ playbackPosition: 1, interrupted: false });
    await stage.system.live.sessions.end(id);
    await settled(stage.system.live, id);
  });

  test('repeats what it hears on a participant’s track', async () => {
    const { id, audience } = await stage.onStage({
      transport: { audio_source: 'track', subscribe_to_identity: 'visitor' },
    });
    await audience.speak(3);
    expect((await allThatIsSpoken(audience)).length * 10).toBeGreaterThan(2000);
    expect(Math.max(...mouths(audience))).toBeGreaterThan(OPEN);
    await stage.system.live.sessions.end(id);
    await settled(stage.system.live, id);
  });

  test('plays a tone in a room that nobody joins, where it was asked to, until somebody does', async () => {
    const { id, room } = await stage.create({ transport: { synthetic_audio_if_no_input: true } });
    const hidden = await stage.visitor(room, 'inspector', { hidden: true });
    await until(() => loud(hidden.sounds).length > 50, 20_000);
    expect(hertz(loud(hidden.sounds))).toBeGreaterThan(180);
    expect(hertz(loud(hidden.sounds))).toBeLessThan(260);
    const { first_frame_at: firstFrameAt } = await stage.system.live.sessions.get(id);
    expect(Date.now() - Date.parse(firstFrameAt ?? '')).toBeGreaterThan(9_500);

    await stage.visitor(room, 'guest');
    // While it goes on, the tone comes every two seconds.
    await until(() => performance.now() - (loud(hidden.sounds).at(-1)?.atMs ?? Infinity) > 2_500);
    await stage.system.live.sessions.end(id);
    await settled(stage.system.live, id);
  });

  test('has left when its session has lasted its longest, in the middle of a sentence too', async () => {
    const { id, room } = await stage.onStage({ max_duration_seconds: 5 });
    const agent = await stage.agent(room);
    agent.say(30, { hertz: 300 });
    const over = await stage.system.live.sessions.waitFor(id, ['ended'], { timeoutMs: 60_000 });
    const lastedMs = Date.parse(over.ended_at ?? '') - Date.parse(over.first_frame_at ?? '');
    expect(lastedMs).toBeLessThan(6_000);
    await until(() => stage.hasLeft(room));
    const { data } = await stage.system.live.sessions.events(id);
    expect(data.map(({ reason }) => reason)).toContain('session.max_duration');
  });

  test('leaves when nothing was heard for the idle timeout', async () => {
    const { id } = await stage.create({ idle_timeout_seconds: 2 });
    const { session, history } = await settled(stage.system.live, id);
    expect(history.slice(-2)).toEqual(['ending session.idle', 'ended worker.left']);
    expect(session.usage.billable_seconds).toBeGreaterThanOrEqual(2);
    expect(session.usage.billable_seconds).toBeLessThanOrEqual(3);
  });
});
