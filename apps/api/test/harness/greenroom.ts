import { runGreenroom } from '../../src/cli/run-greenroom.ts';
import type { TestServer } from './test-server.ts';

/** Runs the operator's command on the database of a server, in this process. `outcomeOf` runs it as a program. */
export async function greenroom({ databaseUrl }: TestServer, ...args: string[]) {
  let output = '';
  const print = (text: string) => {
    output += `${text}\n`;
  };
  const status = await runGreenroom(args, {
    env: { DATABASE_URL: databaseUrl },
    print,
    printError: print,
  });
  return { status, output };
}

/** Runs a command with `--json`. Rejects with its message when it fails. */
export async function greenroomJson(server: TestServer, ...args: string[]): Promise<unknown> {
  const { status, output } = await greenroom(server, ...args, '--json');
  if (status !== 0) throw new Error(output);
  return JSON.parse(output);
}
