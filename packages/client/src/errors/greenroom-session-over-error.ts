import type { components } from '../generated/wire.ts';
import { GreenroomError } from './greenroom-error.ts';

type Session = components['schemas']['Session'];

/** A session that was waited for is over, in a status that was not asked for and that it will never leave. */
export class GreenroomSessionOverError extends GreenroomError {
  override readonly name: string = 'GreenroomSessionOverError';
  /** The session as it is now; `failure` says why it failed, if it did. */
  readonly session: Session;

  constructor(session: Session, awaited: readonly Session['status'][]) {
    const why = session.failure === null ? '' : ` (${session.failure.code}: ${session.failure.message})`;
    super({
      type: 'session_over',
      code: 'session_over',
      message: `Session ${session.id} is ${session.status}${why} and will never be ${awaited.join(' or ')}.`,
    });
    this.session = session;
  }
}
