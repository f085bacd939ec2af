import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

import { nodeArguments } from '@greenroom/testing';

import { bundleRecordStatements } from './statements/record-statements-bundle.ts';
import { STATEMENTS_VARIABLE } from './statements/statements-file.ts';

/** The directory of the commands: relative settings and `node_modules` are resolved from it. */
const ROOT = fileURLToPath(new URL('../../../..', import.meta.url));

export interface Program {
  process: ChildProcess;
  /** Returns its output so far. */
  output(): string;
  /** Resolves when its output matches. Rejects when it ends before. */
  printed(pattern: RegExp): Promise<RegExpExecArray>;
  /** Resolves with its exit status, or null when a signal ended it. */
  exited: Promise<number | null>;
}

let recordStatements: string | undefined;

/** Runs a program of `apps/api/src` with only this environment. Its statements are checked. */
export function runProgram(program: string, args: string[], env: Record<string, string>): Program {
  const entry = fileURLToPath(new URL(`../../src/${program}`, import.meta.url));
  recordStatements ??= bundleRecordStatements();
  const child = spawn(process.execPath, ['--import', recordStatements, ...nodeArguments(entry), ...args], {
    cwd: ROOT,
    env: { PATH: process.env['PATH'], [STATEMENTS_VARIABLE]: process.env[STATEMENTS_VARIABLE], ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (chunk: string) => {
      output += chunk;
      child.emit('printed');
    });
  }
  const exited = once(child, 'close').then(([code]) => code as number | null);
  return {
    process: child,
    output: () => output,
    exited,
    async printed(pattern) {
      for (;;) {
        const match = pattern.exec(output);
        if (match !== null) return match;
        if (child.exitCode !== null || child.signalCode !== null) {
          throw new Error(`The program exited: ${output}`);
        }
        await Promise.race([once(child, 'printed'), exited]);
      }
    },
  };
}

/** Runs a program to its end. */
export async function outcomeOf(program: string, args: string[], env: Record<string, string>) {
  const running = runProgram(program, args, env);
  return { status: await running.exited, output: running.output() };
}
