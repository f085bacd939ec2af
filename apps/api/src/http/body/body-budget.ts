import { ApiError } from '../../errors/api-error.ts';

/** The bytes that one request holds of a budget. */
export interface BodyShare {
  /**
   * Takes bytes; nothing once the share was released.
   *
   * @throws {ApiError} 503 where the caller, or all callers together, would hold more than there is room for
   */
  take(bytes: number): void;
  release(): void;
}

export interface BodyBudgetLimits {
  /** Of all callers together. */
  totalBytes: number;
  /** Of one caller. */
  callerBytes: number;
}

/**
 * Bounds the memory that bodies take while they arrive and are worked on, altogether and for one caller. Bytes are
 * counted as they arrive and not as they are announced, so an announcement keeps nobody else out.
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
    headers: { 'Retry-After': '1' },
  });
}
