import { outcomeOf } from './programs.ts';
import type { TestServer } from './test-server.ts';

/** Runs the operator's command on the database of a server. */
export function greenroom({ databaseUrl }: TestServer, ...args: string[]) {
  return outcomeOf('cli/greenroom.ts', args, { DATABASE_URL: databaseUrl });
}

/** Runs it with `--json`. Rejects with its message when it fails. */
export async function greenroomJson(server: TestServer, ...args: string[]): Promise<unknown> {
  const { status, output } = await greenroom(server, ...args, '--json');
  if (status !== 0) throw new Error(output);
  return JSON.parse(output);
}
