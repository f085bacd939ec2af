import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

import { freePort, syllables, until } from '@greenroom/testing';
import { dispose } from '@livekit/rtc-node';
import { AccessToken } from 'livekit-server-sdk';

import { buildApps } from '../../build-apps.mjs';
import type { BenchmarkOptions, BenchmarkResult } from '../benchmark.ts';
import { AvatarInRoom, SPEECH_RATE } from './avatar-in-room.ts';
import { usageOf } from './process-usage.ts';

export const MAX_CORE_PERCENT = 8;
const FRAMES_PER_SECOND = 25;
const BINARY = fileURLToPath(
  new URL('../../../apps/worker/test/harness/livekit-binary.mjs', import.meta.url),
);
const WARM_UP_MS = 3_000;
const MEASUREMENT_MS = 8_000;
/** Lasts longer than the measurement. Synthesized in advance, which takes seconds on a busy machine. */
const SPEECH = syllables({ seconds: 30, rate: SPEECH_RATE });
/** An interruption has taken effect when no speech was heard for this long. */
const SILENCE_MS = 500;

interface Measurement {
  phase: 'silence' | 'speech';
  corePercent: number;
  pssMib: number;
  rssMib: number;
  framesSent: number;
  framesReceived: number;
}

/**
 * Measures the cost of avatars in real LiveKit rooms, each in a separate process like a worker's, in silence and in
 * speech; and the delay until the first one is heard, and until it is silent after an interruption.
 */
export async function benchAvatar({
  sessions,
  signal,
  log,
}: BenchmarkOptions & { sessions: number }): Promise<BenchmarkResult> {
  await buildApps('worker');
  await using server = await startLiveKit();
  const avatars: AvatarInRoom[] = [];
  try {
    for (let index = 0; index < sessions; index += 1) {
      signal.throwIfAborted();
      const token = (identity: string) => server.token(identity, `room-${index}`);
      avatars.push(await AvatarInRoom.start({ url: server.url, token, listens: index === 0 }));
    }
    const [first] = avatars;
    if (first === undefined) throw new RangeError('There must be an avatar.');
    log(`${sessions} avatars are silent …`);
    const silence = await measure('silence', avatars, signal);
    log(`${sessions} avatars speak …`);
    const spokenAtMs = performance.now();
    const speaking = Promise.all(avatars.map((avatar) => avatar.speak(SPEECH)));
    await until(() => first.heardAtMs > spokenAtMs, 30_000);
    const firstSoundMs = first.heardAtMs - spokenAtMs;
    await speaking;
    const speech = await measure('speech', avatars, signal);
    const interruptedAtMs = performance.now();
    await first.interrupt();
    await until(() => performance.now() - first.heardAtMs > SILENCE_MS, 30_000);
    const silentAfterMs = Math.max(0, first.heardAtMs - interruptedAtMs);
    const rows = [silence, speech];
    const isMet = rows.every(({ corePercent }) => corePercent <= MAX_CORE_PERCENT);
    return {
      lines: [
        `${sessions} avatars, each in its process; per avatar:`,
        '             CPU, of a core    PSS MiB    RSS MiB    frames sent a second    received',
        ...rows.map(rowOf),
        `speech sent to first sound heard    ${firstSoundMs.toFixed(0)} ms`,
        `interruption to silence             ${silentAfterMs.toFixed(0)} ms`,
        `aim: at most ${MAX_CORE_PERCENT} % of a core at ${FRAMES_PER_SECOND} frames per second, ${isMet ? 'met' : 'not met'}`,
      ],
      data: { sessions, rows, firstSoundMs, silentAfterMs },
      problems: [],
    };
  } finally {
    await Promise.all(avatars.map((avatar) => avatar.stop()));
    await dispose();
  }
}

function rowOf({ phase, corePercent, pssMib, rssMib, framesSent, framesReceived }: Measurement): string {
  return [
    phase.padEnd(10),
    `${corePercent.toFixed(1)} %`.padStart(18),
    pssMib.toFixed(0).padStart(11),
    rssMib.toFixed(0).padStart(11),
    framesSent.toFixed(1).padStart(24),
    framesReceived.toFixed(1).padStart(12),
  ].join('');
}

async function measure(
  phase: Measurement['phase'],
  avatars: readonly AvatarInRoom[],
  signal: AbortSignal,
): Promise<Measurement> {
  await delay(WARM_UP_MS, undefined, { signal });
  const read = async () => ({
    atMs: performance.now(),
    usages: await Promise.all(avatars.map(({ pid }) => usageOf(pid))),
    sent: sum(avatars.map(({ framesSent }) => framesSent)),
    received: avatars[0]?.framesReceived ?? 0,
  });
  const before = await read();
  await delay(MEASUREMENT_MS, undefined, { signal });
  const after = await read();
  const seconds = (after.atMs - before.atMs) / 1000;
  const cpu = ({ usages }: typeof before) => sum(usages.map(({ cpuSeconds }) => cpuSeconds));
  const count = avatars.length;
  return {
    phase,
    corePercent: (100 * (cpu(after) - cpu(before))) / seconds / count,
    pssMib: sum(after.usages.map(({ pssMib }) => pssMib)) / count,
    rssMib: sum(after.usages.map(({ rssMib }) => rssMib)) / count,
    framesSent: (after.sent - before.sent) / seconds / count,
    framesReceived: (after.received - before.received) / seconds,
  };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

/** Starts a LiveKit server on this machine, which Go builds the first time. */
async function startLiveKit() {
  const binary = execFileSync(process.execPath, [BINARY, '--build'], { encoding: 'utf8' }).trim();
  const [port, tcpPort, udpPort] = [await freePort(), await freePort(), await freePort()];
  const rtc = {
    ...{ tcp_port: tcpPort, udp_port: udpPort },
    ...{ use_external_ip: false, enable_loopback_candidate: true },
  };
  const config = JSON.stringify({ port, rtc, logging: { level: 'error' } });
  const args = ['--dev', '--bind', '127.0.0.1', '--node-ip', '127.0.0.1', '--config-body', config];
  const server = spawn(binary, args, { stdio: 'ignore' });
  const exited = once(server, 'exit');
  const isReady = () =>
    fetch(`http://127.0.0.1:${port}`).then(
      ({ ok }) => ok,
      () => false,
    );
  await until(isReady, 30_000);
  return {
    url: `ws://127.0.0.1:${port}`,
    /** The key of the server's development mode. */
    token(identity: string, room: string): Promise<string> {
      const token = new AccessToken('devkey', 'secret', { identity, ttl: 3600 });
      token.addGrant({ roomJoin: true, room });
      return token.toJwt();
    },
    async [Symbol.asyncDispose]() {
      server.kill('SIGKILL');
      await exited;
    },
  };
}
