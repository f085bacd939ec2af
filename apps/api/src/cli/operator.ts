import { hostname, userInfo } from 'node:os';

import type { Actor } from '../audit/audit-repository.ts';
import { currentInvocation } from './invocation.ts';

const MAX_LENGTH = 200;

/** Returns the person who runs this command, by name and host. `env` is the command's by default. */
export function operator(env: NodeJS.ProcessEnv = currentInvocation().env): Actor {
  return { kind: 'operator', id: `${userName(env)}@${hostname()}`.slice(0, MAX_LENGTH) };
}

/** Returns the configured name, or that of the user who called sudo, or of the operating system's user. */
function userName(env: NodeJS.ProcessEnv): string {
  const { GREENROOM_OPERATOR: given = '', SUDO_USER: caller = '' } = env;
  if (given !== '') return given;
  if (caller !== '') return caller;
  try {
    return userInfo().username;
  } catch {
    // A container may run with a user id that has no name.
    return `uid ${process.getuid?.() ?? 'unknown'}`;
  }
}
