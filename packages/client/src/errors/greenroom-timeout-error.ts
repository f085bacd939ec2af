import { GreenroomError } from './greenroom-error.ts';

/** Time ran out: for one request (`request_timeout`), or for a status that was waited for (`wait_timeout`). */
export class GreenroomTimeoutError extends GreenroomError {
  override readonly name: string = 'GreenroomTimeoutError';

  constructor(code: 'request_timeout' | 'wait_timeout', message: string) {
    super({ type: 'timeout', code, message });
  }
}
