import { ApiError } from '../../errors/api-error.ts';

/** The bytes of a budget that one request holds. */
export interface BodyShare {
  /**
   * Takes bytes. Does nothing after the share was released.
   *
   * @throws {ApiError} 503 if the caller, or all callers together, would exceed the budget
   */
  take(bytes: number): void;
  release(): void;
}

export interface BodyBudgetLimits {
  /** The limit of all callers together. */
  totalBytes: number;
  /** The limit of one caller. */
  callerBytes: number;
}

/**
 * Limits the memory of bodies while they arrive and are processed, in total and for one caller. Counts bytes when they
 * arrive, not when they are announced, so a slow upload does not block others.
 */
export class BodyBudget {
  readonly #limits: BodyBudgetLimits;
  readonly #heldByCaller = new Map<string, number>();
  #held = 0;

  constructor(limits: BodyBudgetLimits) {
    this.#limits = limits;
  }

  open(caller: string): BodyShare {
    let own = 0;
    let isOpen = true;
    return {
      take: (bytes) => {
        if (!isOpen) return;
        const { totalBytes, callerBytes } = this.#limits;
        const heldByCaller = this.#heldByCaller.get(caller) ?? 0;
        if (heldByCaller + bytes > callerBytes) throw full('caller');
        if (this.#held + bytes > totalBytes) throw full('server');
        this.#add(caller, bytes);
        own += bytes;
      },
      release: () => {
        if (!isOpen) return;
        isOpen = false;
        this.#add(caller, -own);
      },
    };
  }

  #add(caller: string, bytes: number): void {
    this.#held += bytes;
    const held = (this.#heldByCaller.get(caller) ?? 0) + bytes;
    if (held === 0) this.#heldByCaller.delete(caller);
    else this.#heldByCaller.set(caller, held);
  }
}

function full(situation: 'caller' | 'server'): ApiError {
  return new ApiError('at_capacity', {
    situation,
    values: { seconds: 1 },
  });
}
