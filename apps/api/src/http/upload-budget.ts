import { ApiError } from './api-error.ts';

/** What one request holds of the budget. */
export interface UploadShare {
  /** @throws {ApiError} 503 where all requests together would hold more than the process has room for */
  take(bytes: number): void;
  release(): void;
}

/**
 * Bounds the memory that bodies take while they come in and are worked on. Bytes are counted as they arrive and not
 * as they are announced, so that who sends slowly keeps nobody else out.
 */
export class UploadBudget {
  #left: number;

  constructor(bytes: number) {
    this.#left = bytes;
  }

  open(): UploadShare {
    let held = 0;
    return {
      take: (bytes) => {
        if (bytes > this.#left) {
          throw new ApiError('at_capacity', {
            message: 'The server has as many uploads in hand as it has room for. Try again shortly.',
            headers: { 'Retry-After': '1' },
          });
        }
        this.#left -= bytes;
        held += bytes;
      },
      release: () => {
        this.#left += held;
        held = 0;
      },
    };
  }
}
