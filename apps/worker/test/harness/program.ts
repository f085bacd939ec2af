import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

import { nodeArguments } from '@greenroom/testing';

const APPS = new URL('../../../', import.meta.url);

/** A process of this repository. */
export interface Program {
  readonly process: ChildProcess;
  /** Returns its output so far. */
  output(): string;
  /** Resolves when its output matches. Rejects when it exits before. */
  printed(pattern: RegExp): Promise<RegExpExecArray>;
  /** Sends a signal when it is still running. */
  kill(signal: NodeJS.Signals): void;
  /** Resolves with its exit status, null when a signal ended it. */
  readonly exited: Promise<number | null>;
}

/** Runs a program of `apps/` with only this environment, and an IPC channel as `fork` opens it. */
export function runProgram(path: string, env: Record<string, string>, args: string[] = []): Program {
  const entry = fileURLToPath(new URL(path, APPS));
  const child = spawn(process.execPath, ['--enable-source-maps', ...nodeArguments(entry), ...args], {
    cwd: fileURLToPath(new URL('..', APPS)),
    env: { PATH: process.env['PATH'], ...env },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (chunk: string) => {
      output += chunk;
      child.emit('printed');
    });
  }
  // Its `close` event is not emitted when the channel was closed from this side.
  const closed = [child.stdout, child.stderr].map((stream) => stream && once(stream, 'close'));
  const exited = Promise.all([once(child, 'exit'), ...closed]).then(([[code]]) => code as number | null);
  const hasEnded = () => child.exitCode !== null || child.signalCode !== null;
  return {
    process: child,
    output: () => output,
    exited,
    kill(signal) {
      if (!hasEnded()) child.kill(signal);
    },
    async printed(pattern) {
      for (;;) {
        const match = pattern.exec(output);
        if (match !== null) return match;
        if (hasEnded()) throw new Error(`The program exited: ${output}`);
        await Promise.race([once(child, 'printed'), exited]);
      }
    },
  };
}
