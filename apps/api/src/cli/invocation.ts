import { AsyncLocalStorage } from 'node:async_hooks';

/** The environment and the output of a command. */
export interface Invocation {
  env: NodeJS.ProcessEnv;
  print: (text: string) => void;
  printError: (text: string) => void;
  /** The exit code of a command that throws no error. */
  exitCode: number;
}

const invocations = new AsyncLocalStorage<Invocation>();

/** Runs a command with an environment and an output, which in tests differ from those of the process. */
export function withInvocation<T>(invocation: Invocation, command: () => Promise<T>): Promise<T> {
  return invocations.run(invocation, command);
}

/** Returns the invocation of the running command. */
export function currentInvocation(): Invocation {
  const invocation = invocations.getStore();
  if (invocation === undefined) throw new Error('No command is being run.');
  return invocation;
}
