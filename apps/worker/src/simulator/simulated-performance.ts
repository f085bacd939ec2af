import type { Outcome, Performance, Progress } from '../runtime.ts';
import type { Script } from './script.ts';

const FRAMES_PER_SECOND = 25;
/** What joining a room takes. */
const JOIN_MS = 100;

/**
 * A performance on a clock alone. Frames are counted from the time that has passed, so that hundreds of performances
 * cost one process nothing but a few timers each.
 */
export class SimulatedPerformance implements Performance {
  readonly outcome: Promise<Outcome>;
  readonly #script: Script;
  readonly #changed: () => void;
  readonly #settle: (outcome: Outcome) => void;
  readonly #timers = new Set<NodeJS.Timeout>();
  readonly #startedAt = new Date();
  #firstFrame: { at: Date; atMs: number } | null = null;
  #cutOff = false;
  /** Set when the room has been left: the clock stands still from then on. */
  #finalMediaMs: number | null = null;

  constructor(script: Script, changed: () => void) {
    this.#script = script;
    this.#changed = changed;
    const { promise, resolve } = withResolver<Outcome>();
    this.outcome = promise;
    this.#settle = resolve;
    this.#after(JOIN_MS, () => {
      if (script.refusal === undefined) this.#perform();
      else this.#end(script.refusal);
    });
  }

  progress(): Progress {
    const mediaMs = this.#finalMediaMs ?? this.#elapsedMs();
    return {
      startedAt: this.#startedAt,
      firstFrameAt: this.#firstFrame?.at ?? null,
      frames: this.#firstFrame === null ? 0 : 1 + Math.floor((mediaMs * FRAMES_PER_SECOND) / 1000),
      mediaMs,
      ...(this.#cutOff && { cutOff: true }),
    };
  }

  /** Nothing is ever buffered. */
  drain(): void {
    this.#end({ state: 'ended' });
  }

  abort(): void {
    this.#end({ state: 'ended' });
  }

  #perform(): void {
    this.#firstFrame = { at: new Date(), atMs: performance.now() };
    const { end, cutOff } = this.#script;
    this.#after(end.afterSeconds * 1000, () => this.#end(end.outcome, end.afterSeconds * 1000));
    if (cutOff !== undefined) {
      this.#after(cutOff.fromSeconds * 1000, () => this.#setCutOff(true));
      this.#after(cutOff.toSeconds * 1000, () => this.#setCutOff(false));
    }
    this.#changed();
  }

  #setCutOff(cutOff: boolean): void {
    this.#cutOff = cutOff;
    this.#changed();
  }

  #end(outcome: Outcome, mediaMs = this.#elapsedMs()): void {
    if (this.#finalMediaMs !== null) return;
    this.#finalMediaMs = mediaMs;
    this.#cutOff = false;
    for (const timer of this.#timers) clearTimeout(timer);
    this.#settle(outcome);
  }

  /** Never beyond the end of the script, however late its timer is: what a script costs is known to the second. */
  #elapsedMs(): number {
    if (this.#firstFrame === null) return 0;
    const elapsedMs = Math.floor(performance.now() - this.#firstFrame.atMs);
    return Math.min(elapsedMs, this.#script.end.afterSeconds * 1000);
  }

  #after(delayMs: number, work: () => void): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      work();
    }, delayMs);
    this.#timers.add(timer);
  }
}

function withResolver<Value>() {
  let resolve: (value: Value) => void = () => undefined;
  const promise = new Promise<Value>((given) => {
    resolve = given;
  });
  return { promise, resolve };
}
