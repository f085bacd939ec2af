import type { Outcome } from '../runtime.ts';

type FailureCode = Extract<Outcome, { state: 'failed' }>['failure']['code'];

/** Becomes the failure of the session. Its message must not contain the token. */
export class PerformanceError extends Error {
  override readonly name = 'PerformanceError';
  readonly code: FailureCode;

  constructor(code: FailureCode, message: string) {
    super(message);
    this.code = code;
  }
}
