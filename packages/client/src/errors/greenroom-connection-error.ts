import { GreenroomError } from './greenroom-error.ts';

/** No answer came: the server could not be reached, or the connection was lost before the answer was complete. */
export class GreenroomConnectionError extends GreenroomError {
  override readonly name: string = 'GreenroomConnectionError';

  constructor(message: string) {
    super({ type: 'connection', code: 'connection_failed', message });
  }
}
