import { LONGEST_SPEECH_SAMPLES, Utterance, type Listener } from './audio-segment.ts';

/** What the avatar says: utterances, one after the other, each as long as its sound. */
export class Speech {
  readonly #silence: () => void;
  #utterances: Utterance[] = [];
  #closed = false;
  #heardAt = performance.now();

  /** `silence` takes back what was taken from here and is not yet heard. */
  constructor(silence: () => void) {
    this.#silence = silence;
  }

  /** Null where nothing more is taken in: afterwards, or where there is more to say than anybody listens to. */
  begin(listener: Listener = {}): Utterance | null {
    const held = this.#utterances.reduce((sum, utterance) => sum + utterance.heldSamples, 0);
    if (this.#closed || held >= LONGEST_SPEECH_SAMPLES) return null;
    const utterance = new Utterance(listener, () => this.heardNow());
    this.#utterances.push(utterance);
    return utterance;
  }

  /** So many samples from now on; silence where nothing is said. */
  take(count: number): Int16Array<ArrayBuffer> {
    const samples = new Int16Array(count);
    let filled = 0;
    for (;;) {
      const [current] = this.#utterances;
      if (current === undefined) break;
      filled += current.take(samples.subarray(filled));
      if (!current.isOver) break;
      this.#utterances.shift();
      current.finish(false);
    }
    return samples;
  }

  /** Says nothing more of what was to be said. */
  interrupt(): void {
    const interrupted = this.#utterances;
    this.#utterances = [];
    this.#silence();
    for (const utterance of interrupted) utterance.finish(true);
  }

  /** Takes in nothing new; what is being said goes on to its end, and sound as it happens has none but now. */
  close(): void {
    this.#closed = true;
    for (const utterance of this.#utterances) if (utterance.isEndless) utterance.complete();
  }

  heardNow(): void {
    this.#heardAt = performance.now();
  }

  get isOver(): boolean {
    return this.#utterances.every((utterance) => utterance.isOver);
  }

  /** Since sound that somebody sent last came in or was played, in milliseconds. */
  get silentForMs(): number {
    return performance.now() - this.#heardAt;
  }
}
