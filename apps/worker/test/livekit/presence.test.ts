import { readFile } from 'node:fs/promises';

import { until } from '@greenroom/testing';
import { afterAll, afterEach, beforeAll, describe, expect, jest, test } from '@jest/globals';

import { AVATAR, IN_A_ROOM, isLeftOut, startLiveStage, type LiveStage } from '../harness/live-stage.ts';
import type { Program } from '../harness/program.ts';
import { settled } from '../harness/settled.ts';
import { startWire } from '../harness/wire.ts';

jest.setTimeout(120_000);

let stage: LiveStage;
let worker: Program;

beforeAll(async () => {
  if (isLeftOut) return;
  stage = await startLiveStage();
  worker = await stage.startWorker();
});
afterAll(async () => {
  if (!isLeftOut) await stage[Symbol.asyncDispose]();
});
afterEach(async () => {
  await stage.clear();
});

(isLeftOut ? describe.skip : describe)(IN_A_ROOM, () => {
  test('fails with room.disconnected when another participant took its identity', async () => {
    const { id, room } = await stage.onStage();
    await stage.visitor(room, AVATAR);
    const { session } = await settled(stage.system.live, id);
    expect(session.failure?.code).toBe('room.disconnected');
    expect(session.failure?.message).toContain('identity');
  });

  test.each([
    [
      'it was removed',
      'worker.removed',
      (room: string) => stage.livekit.rooms.removeParticipant(room, AVATAR),
    ],
    ['the room was deleted', 'room.deleted', (room: string) => stage.livekit.rooms.deleteRoom(room)],
  ])('ends without a failure when %s', async (_why, reason, hangUp) => {
    const { id, room } = await stage.onStage();
    await hangUp(room);
    const { session, history } = await settled(stage.system.live, id);
    expect(session).toMatchObject({ status: 'ended', failure: null });
    expect(history.slice(-2)).toEqual([`ending ${reason}`, 'ended worker.left']);
  });

  test('comes back when its connection is cut, and its session goes on', async () => {
    await using wire = await startWire(Number(new URL(stage.livekit.url).port));
    const { id, audience } = await stage.onStage({ transport: { url: `ws://127.0.0.1:${wire.port}` } });
    const before = wire.connections;
    wire.cut();
    await until(() => wire.connections > before, 20_000);
    const seen = audience.sights.length;
    await until(() => audience.sights.length > seen + 50, 20_000);
    expect((await stage.system.live.sessions.get(id)).status).toBe('running');
    await stage.system.live.sessions.end(id);
    const { session } = await settled(stage.system.live, id);
    expect(session.status).toBe('ended');
    const mediaMs = Date.parse(session.ended_at ?? '') - Date.parse(session.first_frame_at ?? '');
    expect(session.usage.billable_seconds * 1000).toBeLessThan(mediaMs + 1000);
  });

  test('fails before any frame, and costs nothing, when the token or the address is wrong', async () => {
    const rejected = await stage.create({ secret: 'another-secret-than-the-server-has' });
    const unreachable = await stage.create({ transport: { url: 'ws://127.0.0.1:9' } });
    const outcomes = await Promise.all(
      [rejected, unreachable].map(({ id }) => settled(stage.system.live, id)),
    );
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
    const { live } = stage.system;
    const { id: avatarId } = await live.avatars.create({ image, name: 'Red' });
    await until(async () => (await live.avatars.get(avatarId)).status === 'ready');
    const { id, audience } = await stage.onStage({ avatar_id: avatarId });
    const [red, green, blue] = audience.sights.at(-1)?.corner ?? [0, 0, 0];
    expect(red).toBeGreaterThan(150);
    expect(green).toBeLessThan(90);
    expect(blue).toBeLessThan(90);
    await live.sessions.end(id);
    await settled(live, id);
  });

  test('does not appear when it is ended before it began', async () => {
    const asked = stage.system.gateway.insteadOf(
      ({ path }) => path.includes('/portrait'),
      () => undefined,
    );
    const { id } = await stage.create();
    await asked;
    await stage.system.live.sessions.waitFor(id, ['starting'], { pollIntervalMs: 50 });
    await stage.system.live.sessions.end(id);
    const { session, history } = await settled(stage.system.live, id);
    expect(history.slice(-2)).toEqual(['ending session.end_requested', 'ended worker.left']);
    expect(session).toMatchObject({ first_frame_at: null, usage: { billable_seconds: 0, frames: 0 } });
  });

  test.each([
    ['crashes', 'SIGKILL'],
    ['hangs', 'SIGSTOP'],
  ] as const)('one that %s takes no other with it', async (_how, signal) => {
    const processes = async () =>
      (await readFile(`/proc/${worker.process.pid}/task/${worker.process.pid}/children`, 'utf8'))
        .trim()
        .split(' ')
        .filter(Boolean)
        .map(Number);
    const earlier = await processes();
    const first = await stage.onStage();
    const [pid] = (await processes()).filter((one) => !earlier.includes(one));
    const second = await stage.onStage();
    process.kill(pid ?? 0, signal);
    const { session } = await settled(stage.system.live, first.id);
    expect(session.failure?.code).toBe('worker.crashed');
    const seen = second.audience.sights.length;
    await until(() => second.audience.sights.length > seen + 25);
    await stage.system.live.sessions.end(second.id);
    expect((await settled(stage.system.live, second.id)).session.status).toBe('ended');
  });

  test.each(['SIGKILL', 'SIGSTOP'] as const)(
    'leaves the room when its worker gets %s, at the latest when its lease is over',
    async (signal) => {
      worker.kill('SIGKILL');
      await worker.exited;
      const mortal = await stage.startWorker(1);
      const { id, room } = await stage.onStage();
      mortal.kill(signal);
      await until(() => stage.hasLeft(room), 15_000);
      const { session } = await settled(stage.system.live, id);
      expect(session.failure?.code).toBe('worker.lost');
      mortal.kill('SIGKILL');
      await mortal.exited;
    },
  );
});
