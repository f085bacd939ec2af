import { setTimeout as delay } from 'node:timers/promises';

import type { Room } from '@livekit/rtc-node';

import { SAMPLE_RATE } from '../avatar/speech/pcm.ts';
import type { PlaybackQueue } from '../avatar/speech/playback-queue.ts';

const INITIAL_DELAY_MS = 10_000;
const FREQUENCY_HZ = 220;
const AMPLITUDE = 8_000;
const TONE_MS = 1_000;

/** Plays a tone, on and off each second, while the room has no other participant, to show that the avatar works. */
export function playToneWhileAlone(room: Room, queue: PlaybackQueue, signal: AbortSignal): void {
  (async () => {
    await delay(INITIAL_DELAY_MS, undefined, { signal });
    while (room.remoteParticipants.size === 0) {
      const segment = queue.startSegment({ isSynthetic: true });
      segment?.write(tone());
      segment?.complete();
      await delay(2 * TONE_MS, undefined, { signal });
    }
  })().catch(() => undefined);
}

function tone(): Int16Array {
  const samples = new Int16Array((SAMPLE_RATE * TONE_MS) / 1000);
  for (let index = 0; index < samples.length; index += 1) {
    samples[index] = AMPLITUDE * Math.sin((2 * Math.PI * FREQUENCY_HZ * index) / SAMPLE_RATE);
  }
  return samples;
}
