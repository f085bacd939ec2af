import type { Outcome, Performance, Progress } from '../runtime.ts';
import { withResolver } from '../with-resolver.ts';
import type { Script } from './script.ts';

const FRAMES_PER_SECOND = 25;
/** How long joining the room takes. */
const JOIN_MS = 100;

/** A performance without a room. Frames are computed from the elapsed time, so each costs only a few timers. */
export class SimulatedPerformance implements Performance {
  readonly outcome: Promise<Outcome>;
  readonly #script: Script;
  readonly #onChange: () => void;
  readonly #settle: (outcome: Outcome) => void;
  readonly #timers = new Set<NodeJS.Timeout>();
  readonly #startedAt = new Date();
  #firstFrame: { at: Date; atMs: number } | null = null;
  #cutOff = false;
  /** Set when the room is left, where the media clock stops. */
  #finalMediaMs: number | null = null;

  constructor(script: Script, onChange: () => void) {
    this.#script = script;
    this.#onChange = onChange;
    const { promise, resolve } = withResolver<Outcome>();
    this.outcome = promise;
    this.#settle = resolve;
    this.#after(JOIN_MS, () => {
      if (script.joinFailure === undefined) this.#perform();
      else this.#end(script.joinFailure);
    });
  }

  progress(): Progress {
    const mediaMs = this.#finalMediaMs ?? this.#elapsedMs();
    return {
      startedAt: this.#startedAt,
      joinedAt: this.#firstFrame?.at ?? null,
      firstFrameAt: this.#firstFrame?.at ?? null,
      frames: this.#firstFrame === null ? 0 : 1 + Math.floor((mediaMs * FRAMES_PER_SECOND) / 1000),
      mediaMs,
      ...(this.#cutOff && { cutOff: true }),
    };
  }

  /** Ends at once: nothing is buffered. */
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
    this.#onChange();
  }

  #setCutOff(cutOff: boolean): void {
    this.#cutOff = cutOff;
    this.#onChange();
  }

  #end(outcome: Outcome, mediaMs = this.#elapsedMs()): void {
    if (this.#finalMediaMs !== null) return;
    this.#finalMediaMs = mediaMs;
    this.#cutOff = false;
    for (const timer of this.#timers) clearTimeout(timer);
    this.#settle(outcome);
  }

  /** Capped at the end of the script, even when its timer is late, so that a script always costs the same. */
  #elapsedMs(): number {
    if (this.#firstFrame === null) return 0;
    const elapsedMs = Math.floor(performance.now() - this.#firstFrame.atMs);
    return Math.min(elapsedMs, this.#script.end.afterSeconds * 1000);
  }

  #after(delayMs: number, action: () => void): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      action();
    }, delayMs);
    this.#timers.add(timer);
  }
}
