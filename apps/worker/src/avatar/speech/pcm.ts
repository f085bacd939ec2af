/** Samples per second of the published audio: mono, 16 bit. */
export const SAMPLE_RATE = 24_000;
/** Samples in 10 ms. Audio is taken and measured in blocks of this size. */
export const BLOCK_SAMPLES = SAMPLE_RATE / 100;
/** About -50 dBFS: above a microphone in a quiet room, below a whisper. */
const AUDIBLE_LOUDNESS = 0.003;

/** Decodes 16-bit little-endian PCM and mixes its channels into one. */
export function decodeMono(pcm: Buffer, channels: number): Int16Array<ArrayBuffer> {
  const count = Math.floor(pcm.length / 2 / channels);
  const samples = new Int16Array(count);
  for (let index = 0; index < count; index += 1) {
    let sum = 0;
    for (let channel = 0; channel < channels; channel += 1) {
      sum += pcm.readInt16LE((index * channels + channel) * 2);
    }
    samples[index] = Math.round(sum / channels);
  }
  return samples;
}

/** Returns the root mean square of the samples, from 0 (silence) to 1. */
export function loudness(samples: Int16Array): number {
  if (samples.length === 0) return 0;
  let sum = 0;
  for (const sample of samples) sum += sample * sample;
  return Math.sqrt(sum / samples.length) / 32_768;
}

/** Returns whether the samples can be heard in a quiet room. */
export function isAudible(samples: Int16Array): boolean {
  return loudness(samples) > AUDIBLE_LOUDNESS;
}
