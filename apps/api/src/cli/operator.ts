import { hostname, userInfo } from 'node:os';

import type { Actor } from '../audit/audit-repository.ts';

const MAX_LENGTH = 200;

/** Returns the person at this command, by the name of the operating system's user and the host. */
export function operator(): Actor {
  return { kind: 'operator', id: `${userName()}@${hostname()}`.slice(0, MAX_LENGTH) };
}

function userName(): string {
  try {
    return userInfo().username;
  } catch {
    // A container may run with a user id that has no name.
    return `uid ${process.getuid?.() ?? 'unknown'}`;
  }
}
