import { setTimeout as sleep } from 'node:timers/promises';

import type { Room } from '@livekit/rtc-node';

import { SAMPLE_RATE } from './pcm.ts';
import type { Speech } from './playback-queue.ts';

const WAIT_MS = 10_000;
const FREQUENCY_HZ = 220;
const AMPLITUDE = 8_000;
const CHUNK_MS = 1_000;

/** A demonstration for a room that nobody joins: a tone, on and off each second, until somebody comes. */
export function playToneWhileAlone(room: Room, speech: Speech, signal: AbortSignal): void {
  (async () => {
    await sleep(WAIT_MS, undefined, { signal });
    while (room.remoteParticipants.size === 0) {
      const utterance = speech.begin({ isSynthetic: true });
      utterance?.write(tone());
      utterance?.complete();
      await sleep(2 * CHUNK_MS, undefined, { signal });
    }
  })().catch(() => undefined);
}

function tone(): Int16Array {
  const samples = new Int16Array((SAMPLE_RATE * CHUNK_MS) / 1000);
  for (let index = 0; index < samples.length; index += 1) {
    samples[index] = AMPLITUDE * Math.sin((2 * Math.PI * FREQUENCY_HZ * index) / SAMPLE_RATE);
  }
  return samples;
}
