import { AsyncLocalStorage } from 'node:async_hooks';

/** What a command is run with. */
export interface Invocation {
  env: NodeJS.ProcessEnv;
  print: (text: string) => void;
  printError: (text: string) => void;
  /** The exit code of a command that throws no error. */
  exitCode: number;
}

const invocations = new AsyncLocalStorage<Invocation>();

/** Runs a command with an environment and an output, which are not those of the process in tests. */
export function withInvocation<T>(invocation: Invocation, command: () => Promise<T>): Promise<T> {
  return invocations.run(invocation, command);
}

/** Returns the invocation of the command that is being run. */
export function currentInvocation(): Invocation {
  const invocation = invocations.getStore();
  if (invocation === undefined) throw new Error('No command is being run.');
  return invocation;
}
