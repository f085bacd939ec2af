import { ConfigError } from '@greenroom/settings';

import { errorLine } from './error-line.ts';

/** Returns the reason of a failed start for an operator. */
export function startupMessage(error: unknown, { withStack = false } = {}): string {
  if (error instanceof ConfigError) {
    return `Greenroom cannot start; the environment is not valid:\n${error.message}`;
  }
  const stack = withStack && error instanceof Error ? `\n${error.stack}` : '';
  return `Greenroom cannot start: ${errorLine(error)}${stack}`;
}
