import { readFile } from 'node:fs/promises';

import type { Schemas } from '@greenroom/client';
import { afterAll, afterEach, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { dispose } from '@livekit/rtc-node';
import type { VideoGrant } from 'livekit-server-sdk';

import { Audience, type Sound } from '../harness/audience.ts';
import { startLiveKitServer, type LiveKitServer } from '../harness/livekit-server.ts';
import type { Program } from '../harness/program.ts';
import { settled } from '../harness/settled.ts';
import { startSystem, type System } from '../harness/system.ts';
import { until } from '../harness/until.ts';

jest.setTimeout(120_000);

/** Said by whoever runs the tests where no LiveKit server can be had; without it that is a failure, not a skip. */
const isLeftOut = process.env['GREENROOM_WITHOUT_LIVEKIT'] === '1';
const AVATAR = 'greenroom-worker';
/** Loudness of what is spoken, from 0 to 1. */
const SPOKEN = 0.02;
/** Part of the mouth's region that is dark, at least and at most. */
const OPEN = 0.12;
const SHUT = 0.05;

let livekit: LiveKitServer;
let system: System;
let worker: Program;
let rooms = 0;
/** Those who leave after each test. */
const audiences: Audience[] = [];

const ENV = { GREENROOM_RUNTIMES: 'bringup', GREENROOM_ALLOW_PRIVATE_ADDRESSES: 'true' };

beforeAll(async () => {
  if (isLeftOut) return;
  livekit = await startLiveKitServer();
  system = await startSystem({ env: { GREENROOM_ALLOW_INSECURE_URLS: 'true' } });
  worker = await system.startWorker({ ...ENV, GREENROOM_SLOTS: 'bringup=20' });
});
afterAll(async () => {
  if (isLeftOut) return;
  await system[Symbol.asyncDispose]();
  await livekit[Symbol.asyncDispose]();
  await dispose();
});

afterEach(async () => {
  await Promise.all(audiences.splice(0).map((audience) => audience.leave()));
});

type Transport = Partial<Extract<Schemas['SessionCreate']['transport'], { type: 'livekit' }>>;

interface Fields extends Partial<Omit<Schemas['SessionCreate'], 'transport'>> {
  transport?: Transport;
  grant?: VideoGrant;
  secret?: string;
}

/** A live session in a room of its own. */
async function create({ transport, grant, secret, ...fields }: Fields = {}) {
  const room = transport?.room_name ?? `stage-${(rooms += 1)}`;
  const token = await livekit.token(AVATAR, room, {
    ...(grant !== undefined && { grant }),
    ...(secret !== undefined && { secret }),
  });
  const session = await system.live.sessions.create({
    avatar_id: 'av_stock_001',
    idle_timeout_seconds: 60,
    ...fields,
    transport: { type: 'livekit', url: livekit.url, room_name: room, worker_token: token, ...transport },
  });
  return { id: session.id, room };
}

/** A live session that is running, with somebody in its room who sees it. */
async function onStage(fields: Fields = {}) {
  const { id, room } = await create(fields);
  const audience = await Audience.join(livekit.url, await livekit.token('agent', room));
  audiences.push(audience);
  await system.live.sessions.waitFor(id, ['running'], { timeoutMs: 20_000, pollIntervalMs: 50 });
  await until(() => Promise.resolve(audience.sights.length > 25), 20_000);
  return { id, room, audience };
}

const isIn = (room: string) => async () =>
  (await livekit.rooms.listParticipants(room)).some(({ identity }) => identity === AVATAR);
const hasLeft = (room: string) => () =>
  isIn(room)().then(
    (present) => !present,
    // The room is gone too.
    () => true,
  );

const called = (audience: Audience, method: string) =>
  audience.calls.filter((call) => call.method === method);
const loud = (sounds: readonly Sound[]) => sounds.filter(({ loudness }) => loudness > SPOKEN);

(isLeftOut ? describe.skip : describe)('an avatar in a LiveKit room', () => {
  test('speaks what the agent sends, moves its mouth meanwhile, and drains when it is ended', async () => {
    const { id, audience } = await onStage();
    const before = audience.sights.slice(-10);
    expect(Math.max(...before.map(({ mouth }) => mouth))).toBeLessThan(SHUT);

    await audience.say(2);
    await until(() => Promise.resolve(called(audience, 'lk.playback_finished').length === 1), 10_000);
    const [started] = called(audience, 'lk.playback_started');
    const [finished] = called(audience, 'lk.playback_finished');
    expect(finished?.payload).toEqual({ playback_position: 2, interrupted: false });
    const [from, to] = [started?.atMs ?? 0, finished?.atMs ?? 0];
    expect(Math.abs(to - from - 2000)).toBeLessThan(300);

    const spoken = audience.sights.filter(({ atMs }) => atMs > from + 500 && atMs < to - 200);
    expect(Math.max(...spoken.map(({ mouth }) => mouth))).toBeGreaterThan(OPEN);
    expect(spoken.length).toBeGreaterThan(15);
    const sounds = loud(audience.sounds);
    // 10 ms of 300 Hz cross zero six times.
    const crossings = sounds.reduce((sum, sound) => sum + sound.crossings, 0) / sounds.length;
    expect(crossings).toBeGreaterThan(5);
    expect(crossings).toBeLessThan(7);
    expect(sounds.length * 10).toBeGreaterThan(1800);
    expect(sounds.length * 10).toBeLessThan(2400);

    await until(() => Promise.resolve((audience.sights.at(-1)?.mouth ?? 1) < SHUT));
    expect(audience.sights.at(-1)).toMatchObject({ width: 512, height: 512 });

    await audience.say(2);
    await until(() => Promise.resolve(called(audience, 'lk.playback_started').length === 2));
    await system.live.sessions.end(id);
    const { session, history } = await settled(system.live, id);
    expect(called(audience, 'lk.playback_finished')[1]?.payload).toEqual({
      playback_position: 2,
      interrupted: false,
    });
    expect(history.at(-1)).toBe('ended worker.left');
    const mediaMs = Date.parse(session.ended_at ?? '') - Date.parse(session.first_frame_at ?? '');
    expect(Math.abs(session.usage.billable_seconds * 1000 - mediaMs)).toBeLessThan(1500);
  });

  test('stops within 300 ms when it is interrupted, and says how far it came', async () => {
    const { id, audience } = await onStage();
    await audience.say(5);
    await until(() => Promise.resolve(loud(audience.sounds).length > 100));
    const at = performance.now();
    expect(await audience.interrupt()).toBe('ok');
    await until(() => Promise.resolve(called(audience, 'lk.playback_finished').length === 1));
    await until(() => Promise.resolve(performance.now() > at + 1000));
    expect((loud(audience.sounds).at(-1)?.atMs ?? Infinity) - at).toBeLessThan(300);
    const { playback_position: position, interrupted } = called(audience, 'lk.playback_finished')[0]
      ?.payload as { playback_position: number; interrupted: boolean };
    expect(interrupted).toBe(true);
    expect(position).toBeGreaterThan(0.8);
    expect(position).toBeLessThan(3);
    await system.live.sessions.end(id);
    await settled(system.live, id);
  });

  test('repeats what it hears on a participant’s track', async () => {
    const { id, audience } = await onStage({
      transport: { audio_source: 'track', subscribe_to_identity: 'agent' },
    });
    await audience.speak(3);
    expect(loud(audience.sounds).length * 10).toBeGreaterThan(2000);
    expect(Math.max(...audience.sights.map(({ mouth }) => mouth))).toBeGreaterThan(OPEN);
    await system.live.sessions.end(id);
    await settled(system.live, id);
  });

  test('leaves when nothing was heard for the idle timeout', async () => {
    const { id } = await create({ idle_timeout_seconds: 2 });
    const { session, history } = await settled(system.live, id);
    expect(history.slice(-2)).toEqual(['ending session.idle', 'ended worker.left']);
    expect(session.usage.billable_seconds).toBeGreaterThanOrEqual(2);
    expect(session.usage.billable_seconds).toBeLessThanOrEqual(3);
  });

  test.each([
    ['another participant took its identity', (room: string) => takeIdentity(room), 'identity'],
    ['it was removed', (room: string) => livekit.rooms.removeParticipant(room, AVATAR), 'removed'],
    ['the room was deleted', (room: string) => livekit.rooms.deleteRoom(room), 'room was'],
  ])('fails with room.disconnected when %s', async (_why, disturb, word) => {
    const { id, room } = await onStage();
    await disturb(room);
    const { session } = await settled(system.live, id);
    expect(session.failure?.code).toBe('room.disconnected');
    expect(session.failure?.message).toContain(word);
  });

  async function takeIdentity(room: string): Promise<void> {
    const twin = await Audience.join(livekit.url, await livekit.token(AVATAR, room));
    await twin.leave();
  }

  test('fails before any frame, and costs nothing, when the token or the address is wrong', async () => {
    const rejected = await create({ secret: 'another-secret-than-the-server-has' });
    const unreachable = await create({ transport: { url: 'ws://127.0.0.1:9' } });
    const outcomes = await Promise.all([rejected, unreachable].map(({ id }) => settled(system.live, id)));
    expect(outcomes.map(({ session }) => session.failure?.code)).toEqual([
      'room.token_rejected',
      'room.unreachable',
    ]);
    for (const { session } of outcomes) expect(session.usage).toEqual({ billable_seconds: 0, frames: 0 });
  });

  test('shows the customer’s portrait', async () => {
    const image = new Blob([await readFile(new URL('../harness/portrait.png', import.meta.url))], {
      type: 'image/png',
    });
    const { id: avatarId } = await system.live.avatars.create({ image, name: 'Red' });
    await until(async () => (await system.live.avatars.get(avatarId)).status === 'ready');
    const { id, audience } = await onStage({ avatar_id: avatarId });
    const [red, green, blue] = audience.sights.at(-1)?.corner ?? [0, 0, 0];
    expect(red).toBeGreaterThan(150);
    expect(green).toBeLessThan(90);
    expect(blue).toBeLessThan(90);
    await system.live.sessions.end(id);
    await settled(system.live, id);
  });

  test('one that crashes takes no other with it', async () => {
    const processes = async () =>
      (await readFile(`/proc/${worker.process.pid}/task/${worker.process.pid}/children`, 'utf8'))
        .trim()
        .split(' ')
        .filter(Boolean)
        .map(Number);
    const earlier = await processes();
    const first = await onStage();
    const [pid] = (await processes()).filter((one) => !earlier.includes(one));
    const second = await onStage();
    process.kill(pid ?? 0, 'SIGKILL');
    const { session } = await settled(system.live, first.id);
    expect(session.failure?.code).toBe('worker.crashed');
    const seen = second.audience.sights.length;
    await until(() => Promise.resolve(second.audience.sights.length > seen + 25));
    await system.live.sessions.end(second.id);
    expect((await settled(system.live, second.id)).session.status).toBe('ended');
  });

  test('leaves the room when its worker is killed, or paused past its lease', async () => {
    worker.kill('SIGKILL');
    await worker.exited;
    for (const signal of ['SIGKILL', 'SIGSTOP'] as const) {
      const mortal = await system.startWorker({ ...ENV, GREENROOM_SLOTS: 'bringup=1' });
      const { id, room } = await onStage();
      mortal.kill(signal);
      await until(hasLeft(room), 15_000);
      const { session } = await settled(system.live, id);
      expect(session.failure?.code).toBe('worker.lost');
      mortal.kill('SIGKILL');
      await mortal.exited;
    }
    worker = await system.startWorker(ENV);
  });
});
