import type { Outcome } from '../../runtime.ts';

type FailureCode = Extract<Outcome, { state: 'failed' }>['failure']['code'];

/** Why there is no performance in the room, as the session will tell it. Holds no token. */
export class RoomError extends Error {
  override readonly name = 'RoomError';
  readonly code: FailureCode;

  constructor(code: FailureCode, message: string) {
    super(message);
    this.code = code;
  }
}
