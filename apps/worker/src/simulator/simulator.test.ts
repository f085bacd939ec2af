import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';

import { assignmentWith, type AssignmentOptions } from '../../test/harness/assignment.ts';
import { simulator } from './simulator.ts';

// A simulated performance depends on clocks only.
beforeEach(() => {
  jest.useFakeTimers();
});
afterEach(() => {
  jest.useRealTimers();
});

const noPortrait = () => Promise.resolve(null);

function perform(session: AssignmentOptions['session'] = {}, others: AssignmentOptions = {}) {
  const onChange = jest.fn();
  const performance = simulator.perform(assignmentWith({ ...others, session }), noPortrait, onChange);
  return { performance, onChange };
}

const seconds = (count: number) => jest.advanceTimersByTimeAsync(count * 1000);
const JOIN_SECONDS = 0.1;

test('the first frame comes shortly after the start and is reported as a change', async () => {
  const { performance, onChange } = perform();
  expect(performance.progress()).toMatchObject({ firstFrameAt: null, frames: 0, mediaMs: 0 });
  await seconds(JOIN_SECONDS);
  expect(onChange).toHaveBeenCalledTimes(1);
  expect(performance.progress()).toMatchObject({ firstFrameAt: new Date(), frames: 1, mediaMs: 0 });
});

test('frames are published 25 times a second and media is counted in milliseconds', async () => {
  const { performance } = perform();
  await seconds(JOIN_SECONDS + 4);
  expect(performance.progress()).toMatchObject({ frames: 101, mediaMs: 4000 });
});

test('a normal session receives audio for 10 s and ends when its idle timeout has passed', async () => {
  const { performance } = perform({ idle_timeout_seconds: 7 });
  const ended = jest.fn();
  performance.outcome.then(ended, ended);
  await seconds(JOIN_SECONDS + 16.9);
  expect(ended).not.toHaveBeenCalled();
  await seconds(0.1);
  expect(ended).toHaveBeenCalledWith({ state: 'ended', reason: 'session.idle' });
  await seconds(60);
  expect(performance.progress().mediaMs).toBe(17_000);
});

test.each(['drain', 'abort'] as const)('%s ends the performance at once and stops its clock', async (how) => {
  const { performance } = perform();
  await seconds(JOIN_SECONDS + 2);
  performance[how]();
  performance[how]();
  await expect(performance.outcome).resolves.toEqual({ state: 'ended' });
  await seconds(60);
  expect(performance.progress().mediaMs).toBe(2000);
  expect(jest.getTimerCount()).toBe(0);
});

test.each([
  ['token_expired', 'room.token_rejected'],
  ['room_unreachable', 'room.unreachable'],
])('%s fails with %s before any frame', async (simulate, code) => {
  const { performance } = perform({ metadata: { simulate } });
  await seconds(JOIN_SECONDS);
  await expect(performance.outcome).resolves.toMatchObject({ state: 'failed', failure: { code } });
  expect(performance.progress()).toMatchObject({ firstFrameAt: null, frames: 0, mediaMs: 0 });
});

test('crash_after_10 performs for 10 s and fails with worker.crashed', async () => {
  const { performance } = perform({ metadata: { simulate: 'crash_after_10' } });
  await seconds(JOIN_SECONDS + 10);
  await expect(performance.outcome).resolves.toMatchObject({ failure: { code: 'worker.crashed' } });
  expect(performance.progress().mediaMs).toBe(10_000);
});

test('heartbeat_gap cuts the worker off after 2 s, for longer than a lease renewed by a waiting report', async () => {
  const { performance, onChange } = perform(
    { metadata: { simulate: 'heartbeat_gap' } },
    { lease_seconds: 3, report_interval_seconds: 2 },
  );
  await seconds(JOIN_SECONDS + 1.9);
  expect(performance.progress().cutOff).toBeUndefined();
  await seconds(0.1);
  expect(performance.progress().cutOff).toBe(true);
  await seconds(7.9);
  expect(performance.progress().cutOff).toBe(true);
  await seconds(0.1);
  expect(performance.progress().cutOff).toBeUndefined();
  expect(onChange).toHaveBeenCalledTimes(3);
});

test('an unknown script is a normal session', async () => {
  const { performance } = perform({ metadata: { simulate: 'rain' }, idle_timeout_seconds: 1 });
  await seconds(JOIN_SECONDS + 11);
  await expect(performance.outcome).resolves.toEqual({ state: 'ended', reason: 'session.idle' });
});
