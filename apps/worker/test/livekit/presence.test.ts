import { readFile } from 'node:fs/promises';

import { photograph, startTcpProxy, until } from '@greenroom/testing';
import { afterAll, afterEach, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { createCanvas, loadImage } from '@napi-rs/canvas';

import {
  AVATAR,
  SUITE,
  isSkipped,
  startLiveKitFixture,
  type LiveKitFixture,
} from '../harness/livekit-fixture.ts';
import { startLiveKitServer } from '../harness/livekit-server.ts';
import type { Program } from '../harness/program.ts';
import { waitForTerminal } from '../harness/wait-for-terminal.ts';

jest.setTimeout(120_000);

const encryption = { keyProviderOptions: { sharedKey: new TextEncoder().encode('a shared key') } };

let fixture: LiveKitFixture;
let worker: Program;

beforeAll(async () => {
  if (isSkipped) return;
  fixture = await startLiveKitFixture();
  worker = await fixture.startWorker();
});
afterAll(async () => {
  if (!isSkipped) await fixture[Symbol.asyncDispose]();
});
afterEach(async () => {
  await fixture.clear();
});

(isSkipped ? describe.skip : describe)(SUITE, () => {
  test('fails with room.disconnected when another participant took its identity', async () => {
    const { id, room } = await fixture.createRunning();
    await fixture.join(room, AVATAR);
    const { session } = await waitForTerminal(fixture.system.live, id);
    expect(session.failure?.code).toBe('room.disconnected');
    expect(session.failure?.message).toContain('identity');
  });

  test.each([
    [
      'it was removed',
      'worker.removed',
      (room: string) => fixture.livekit.rooms.removeParticipant(room, AVATAR),
    ],
    ['the room was deleted', 'room.deleted', (room: string) => fixture.livekit.rooms.deleteRoom(room)],
  ])('ends without a failure when %s', async (_why, reason, hangUp) => {
    const { id, room } = await fixture.createRunning();
    await hangUp(room);
    const { session, history } = await waitForTerminal(fixture.system.live, id);
    expect(session).toMatchObject({ status: 'ended', failure: null });
    expect(history.slice(-2)).toEqual([`ending ${reason}`, 'ended worker.left']);
  });

  test('ends without a failure when the room is closed after its last visitor has left', async () => {
    const room = 'departure';
    await fixture.livekit.rooms.createRoom({ name: room, departureTimeout: 1 });
    const { id, listener } = await fixture.createRunning({
      token: { kind: 'agent' },
      transport: { room_name: room },
    });
    await listener.leave();
    const { session, history } = await waitForTerminal(fixture.system.live, id);
    expect(session).toMatchObject({ status: 'ended', failure: null });
    expect(history.slice(-2)).toEqual(['ending room.closed', 'ended worker.left']);
  });

  test.each(['before', 'after'])(
    'ends as requested when it is removed shortly %s the request',
    async (when) => {
      const { id, room } = await fixture.createRunning({}, { video: false });
      const remove = () => fixture.livekit.rooms.removeParticipant(room, AVATAR).catch(() => undefined);
      const endSession = () => fixture.system.live.sessions.end(id);
      await Promise.all(when === 'before' ? [remove(), endSession()] : [endSession(), remove()]);
      const { session } = await waitForTerminal(fixture.system.live, id);
      expect(session).toMatchObject({ status: 'ended', failure: null });
    },
  );

  test('leaves within five seconds after the agent that it publishes for, in the middle of its speech', async () => {
    const { id, room, listener } = await fixture.createRunning(
      { token: { attributes: { 'lk.publish_on_behalf': 'agent' } } },
      { video: false },
    );
    const agent = await fixture.join(room, 'agent', { video: false });
    // Until the avatar knows the agent, anyone may interrupt it.
    await until(async () => (await listener.interrupt()) === 'reject');
    await agent.say(30);
    await until(() => agent.rpcPayloads('lk.playback_started').length === 1);
    await agent.leave();
    const leftAtMs = performance.now();
    await until(() => fixture.hasLeft(room));
    expect(performance.now() - leftAtMs).toBeLessThan(5_000);
    const { session, history } = await waitForTerminal(fixture.system.live, id);
    expect(session).toMatchObject({ status: 'ended', failure: null });
    expect(history.slice(-2)).toEqual(['ending agent.left', 'ended worker.left']);
  });

  test('stays when its agent rejoins at once, and hears only the agent', async () => {
    const { id, room, listener } = await fixture.createRunning(
      { token: { attributes: { 'lk.publish_on_behalf': 'agent' } } },
      { video: false },
    );
    // Before the agent is in the room, anyone is heard.
    await listener.say(0.5);
    await until(() => listener.reports.length === 1);
    expect(listener.reports[0]).toMatchObject({ position: 0.5, interrupted: false });

    const first = await fixture.join(room, 'agent', { video: false });
    await until(async () => (await first.interrupt()) === 'ok' && (await listener.interrupt()) === 'reject');
    await listener.say(0.5);
    await until(() => listener.reports.length === 2);
    expect(listener.reports[1]).toMatchObject({ position: 0, interrupted: true });

    await first.leave();
    const second = await fixture.join(room, 'agent', { video: false });
    await second.say(3);
    await until(() => second.reports.length === 1);
    expect(second.reports[0]).toMatchObject({ position: 3, interrupted: false });
    await fixture.system.live.sessions.end(id);
    await waitForTerminal(fixture.system.live, id);
  });

  test('fails before the first frame in a room that is encrypted end to end', async () => {
    const room = 'encrypted';
    const visitor = await fixture.join(room, 'visitor', { encryption });
    await visitor.speak(0.1);
    const { id } = await fixture.create({ transport: { room_name: room } });
    const { session } = await waitForTerminal(fixture.system.live, id);
    expect(session).toMatchObject({ status: 'failed', first_frame_at: null, usage: { billable_seconds: 0 } });
    expect(session.failure?.message).toContain('encrypted end to end');
  });

  test('fails while it runs when all tracks of others are encrypted, but not when only one is', async () => {
    const { id, room, listener } = await fixture.createRunning({}, { video: false });
    await listener.speak(0.1);
    const stray = await fixture.join(room, 'stray', { encryption, video: false });
    await stray.speak(0.1);
    await listener.say(0.5);
    await until(() => listener.reports.length === 1);
    expect((await fixture.system.live.sessions.get(id)).status).toBe('running');
    await listener.leave();
    await until(async () => (await fixture.livekit.rooms.listParticipants(room)).length === 2);
    const other = await fixture.join(room, 'other', { encryption, video: false });
    await other.speak(0.1);
    const { session } = await waitForTerminal(fixture.system.live, id);
    expect(session.failure?.message).toContain('encrypted end to end');
  });

  test('reports why it cannot join a room that is full, unknown, or without media ports', async () => {
    await using strict = await startLiveKitServer({ autoCreate: false, hasMedia: false });
    await Promise.all([
      fixture.livekit.rooms.createRoom({ name: 'full', maxParticipants: 1 }),
      strict.rooms.createRoom({ name: 'known' }),
    ]);
    await fixture.join('full', 'visitor', { video: false });
    const sessions = await Promise.all([
      fixture.create({ transport: { room_name: 'full' } }),
      ...['unknown', 'known'].map((room) =>
        fixture.create({ transport: { url: strict.url, room_name: room } }),
      ),
    ]);
    const outcomes = await Promise.all(sessions.map(({ id }) => waitForTerminal(fixture.system.live, id)));
    expect(outcomes.map(({ session }) => session.failure?.code)).toEqual(
      Array<string>(3).fill('room.unreachable'),
    );
    const messages = outcomes.map(({ session }) => session.failure?.message);
    expect(messages[0]).toContain('room may be full');
    expect(messages[1]).toContain('has no such room');
    expect(messages[2]).toContain('media ports do not respond');
  });

  test('reconnects when its connection is reset, and speaks and can be interrupted as before', async () => {
    const proxy = await startTcpProxy(Number(new URL(fixture.livekit.url).port));
    const { id, listener } = await fixture.createRunning({
      transport: { url: `ws://127.0.0.1:${proxy.port}` },
    });
    const before = proxy.connections;
    proxy.resetConnections();
    await until(() => proxy.connections > before, 20_000);
    const seen = listener.video.length;
    await until(() => listener.video.length > seen + 50, 20_000);
    expect((await fixture.system.live.sessions.get(id)).status).toBe('running');
    await listener.say(0.5);
    await until(() => listener.reports.length === 1);
    expect(listener.reports[0]).toMatchObject({ position: 0.5, interrupted: false });
    await listener.say(30);
    await until(() => listener.rpcPayloads('lk.playback_started').length === 2);
    expect(await listener.interrupt()).toBe('ok');
    await until(() => listener.reports.length === 2);
    expect(listener.reports[1]?.interrupted).toBe(true);
    await fixture.system.live.sessions.end(id);
    const { session } = await waitForTerminal(fixture.system.live, id);
    expect(session.status).toBe('ended');
    const mediaMs = Date.parse(session.ended_at ?? '') - Date.parse(session.first_frame_at ?? '');
    expect(session.usage.billable_seconds * 1000).toBeLessThan(mediaMs + 1000);
    await proxy.close();
  });

  test('fails before the first frame, and costs nothing, when the token or the address is wrong', async () => {
    const rejected = await fixture.create({ token: { secret: 'another-secret-than-the-server-has' } });
    const unreachable = await fixture.create({ transport: { url: 'ws://127.0.0.1:9' } });
    const outcomes = await Promise.all(
      [rejected, unreachable].map(({ id }) => waitForTerminal(fixture.system.live, id)),
    );
    expect(outcomes.map(({ session }) => session.failure?.code)).toEqual([
      'room.token_rejected',
      'room.unreachable',
    ]);
    for (const { session } of outcomes) expect(session.usage).toEqual({ billable_seconds: 0, frames: 0 });
  });

  test('shows the customer’s portrait', async () => {
    const canvas = createCanvas(330, 330);
    const context = canvas.getContext('2d');
    context.drawImage(await loadImage(await photograph('face')), 0, 0);
    context.fillStyle = '#ff0000';
    context.fillRect(0, 0, 60, 60);
    const image = new Blob([new Uint8Array(canvas.toBuffer('image/png'))], { type: 'image/png' });
    const { live } = fixture.system;
    const { id: avatarId } = await live.avatars.create({ image, name: 'Red' });
    await until(async () => (await live.avatars.get(avatarId)).status === 'ready');
    const { id, listener } = await fixture.createRunning({ avatar_id: avatarId });
    const [red, green, blue] = listener.video.at(-1)?.corner ?? [0, 0, 0];
    expect(red).toBeGreaterThan(150);
    expect(green).toBeLessThan(90);
    expect(blue).toBeLessThan(90);
    await live.sessions.end(id);
    await waitForTerminal(live, id);
  });

  test('does not join when its session ends before it starts', async () => {
    const requested = fixture.system.proxy.insteadOf(
      ({ path }) => path.includes('/portrait'),
      () => undefined,
    );
    const { id } = await fixture.create();
    await requested;
    await fixture.system.live.sessions.waitFor(id, ['starting'], { pollIntervalMs: 50 });
    await fixture.system.live.sessions.end(id);
    const { session, history } = await waitForTerminal(fixture.system.live, id);
    expect(history.slice(-2)).toEqual(['ending session.end_requested', 'ended worker.left']);
    expect(session).toMatchObject({ first_frame_at: null, usage: { billable_seconds: 0, frames: 0 } });
  });

  test.each([
    ['crashes', 'SIGKILL'],
    ['hangs', 'SIGSTOP'],
  ] as const)('one that %s does not affect others', async (_how, signal) => {
    const processes = async () =>
      (await readFile(`/proc/${worker.process.pid}/task/${worker.process.pid}/children`, 'utf8'))
        .trim()
        .split(' ')
        .filter(Boolean)
        .map(Number);
    const earlier = await processes();
    const first = await fixture.createRunning();
    const [pid] = (await processes()).filter((one) => !earlier.includes(one));
    const second = await fixture.createRunning();
    process.kill(pid ?? 0, signal);
    const { session } = await waitForTerminal(fixture.system.live, first.id);
    expect(session.failure?.code).toBe('worker.crashed');
    const seen = second.listener.video.length;
    await until(() => second.listener.video.length > seen + 25);
    await fixture.system.live.sessions.end(second.id);
    expect((await waitForTerminal(fixture.system.live, second.id)).session.status).toBe('ended');
  });

  test.each(['SIGKILL', 'SIGSTOP'] as const)(
    'leaves the room when its worker receives %s, at the latest when its lease expires',
    async (signal) => {
      worker.kill('SIGKILL');
      await worker.exited;
      const victim = await fixture.startWorker(1);
      const { id, room } = await fixture.createRunning();
      victim.kill(signal);
      await until(() => fixture.hasLeft(room), 15_000);
      const { session } = await waitForTerminal(fixture.system.live, id);
      expect(session.failure?.code).toBe('worker.lost');
      victim.kill('SIGKILL');
      await victim.exited;
    },
  );
});
