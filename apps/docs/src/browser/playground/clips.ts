import type { AvatarCall } from './avatar-call.js';

const SAMPLE_RATE = 16_000;
/** Samples in one record: a tenth of a second. */
const RECORD = SAMPLE_RATE / 10;

/**
 * Makes the avatar speak a recording. Sends it at once; the worker performs it at the pace of speech.
 *
 * @throws {Error} when the recording cannot be loaded
 */
export async function sayClip(call: AvatarCall, address: string): Promise<void> {
  const response = await fetch(address);
  if (!response.ok) throw new Error(`the clip could not be loaded, status ${response.status}`);
  // Decodes to one channel of this sample rate.
  const decoder = new OfflineAudioContext(1, 1, SAMPLE_RATE);
  const sound = await decoder.decodeAudioData(await response.arrayBuffer());
  const samples = Int16Array.from(sound.getChannelData(0), (sample) => sample * 0x7fff);
  for (let at = 0; at < samples.length; at += RECORD) {
    call.say(samples.subarray(at, at + RECORD), SAMPLE_RATE);
  }
  call.flush();
}
