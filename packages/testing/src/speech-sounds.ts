/** Formants of vowels of an adult, in hertz (Peterson and Barney, 1952). */
const VOWELS = {
  aa: [730, 1_090, 2_440],
  ee: [270, 2_290, 3_010],
  oo: [300, 870, 2_240],
  eh: [530, 1_840, 2_480],
  oh: [570, 840, 2_410],
  mm: [250, 1_000, 2_200],
} as const;

/** A vowel, `mm` (a hum with closed lips), `ss` (a hiss) or a pause. */
export type SpeechSound = keyof typeof VOWELS | 'ss' | 'pause';

export interface SpeechSoundOptions {
  seconds: number;
  /** Samples per second. */
  rate: number;
  /** Root mean square, from 0 to 1. */
  loudness?: number;
  /** The pitch of vowels, in hertz. */
  pitch?: number;
}

/** Synthesizes a sound of speech: pulses through resonances for vowels, noise for `ss`. It is the same on every call. */
export function speechSound(
  sound: SpeechSound,
  { seconds, rate, loudness = 0.15, pitch = 120 }: SpeechSoundOptions,
): Int16Array<ArrayBuffer> {
  const count = Math.round(seconds * rate);
  if (sound === 'pause') return new Int16Array(count);
  const signal = sound === 'ss' ? hiss(count) : vowel(VOWELS[sound], { count, rate, pitch });
  if (sound === 'mm') resonate(signal, { rate, hertz: 250, bandwidth: 120 });
  const rms = Math.sqrt(signal.reduce((sum, value) => sum + value * value, 0) / count);
  return Int16Array.from(signal, (value) =>
    Math.max(-32_768, Math.min(32_767, Math.round((value / rms) * loudness * 32_768))),
  );
}

/** Synthesizes syllables of changing sounds, with pauses, as varied as speech. */
export function syllables({ seconds, rate }: { seconds: number; rate: number }): Int16Array<ArrayBuffer> {
  const order: SpeechSound[] = ['mm', 'aa', 'ss', 'ee', 'oo', 'pause', 'eh', 'mm', 'oh', 'aa', 'ss', 'pause'];
  const samples = new Int16Array(Math.round(seconds * rate));
  const length = Math.round(0.14 * rate);
  for (let at = 0, index = 0; at < samples.length; at += length, index += 1) {
    const sound = order[index % order.length] ?? 'aa';
    const loudness = sound === 'mm' || sound === 'ss' ? 0.05 : 0.15;
    const part = speechSound(sound, { seconds: 0.14, rate, loudness, pitch: 105 + (index % 7) * 6 });
    samples.set(part.subarray(0, samples.length - at), at);
  }
  return samples;
}

function vowel(
  formants: readonly number[],
  { count, rate, pitch }: { count: number; rate: number; pitch: number },
): Float64Array {
  const signal = new Float64Array(count);
  const period = Math.round(rate / pitch);
  for (let at = 0; at < count; at += period) signal[at] = 1;
  // The spectrum of the vocal folds falls by 12 dB per octave, and the lips raise it by 6 dB.
  for (let at = 1; at < count; at += 1) signal[at] = (signal[at] ?? 0) + 0.95 * (signal[at - 1] ?? 0);
  for (const hertz of formants) resonate(signal, { rate, hertz, bandwidth: 60 + hertz / 25 });
  return signal;
}

function hiss(count: number): Float64Array {
  const signal = new Float64Array(count);
  let state = 1;
  let last = 0;
  for (let at = 0; at < count; at += 1) {
    state = (state * 48_271) % 2_147_483_647;
    const noise = state / 1_073_741_824 - 1;
    // Removes low frequencies.
    signal[at] = noise - last;
    last = noise;
  }
  return signal;
}

/** Applies a resonance in place. */
function resonate(
  signal: Float64Array,
  { rate, hertz, bandwidth }: { rate: number; hertz: number; bandwidth: number },
): void {
  const radius = Math.exp((-Math.PI * bandwidth) / rate);
  const [first, second] = [2 * radius * Math.cos((2 * Math.PI * hertz) / rate), -radius * radius];
  let [last, before] = [0, 0];
  for (let at = 0; at < signal.length; at += 1) {
    const value = (signal[at] ?? 0) * (1 - first - second) + first * last + second * before;
    [before, last] = [last, value];
    signal[at] = value;
  }
}
