import { readFile, writeFile } from 'node:fs/promises';
import { deserialize, serialize } from 'node:v8';

import type { Organisation } from '../organisations.ts';
import type { Recording } from '../recording.ts';

/** The settings of a server to compare with. They list its keys, so that it looks none up. */
export interface ServerSetup {
  organisations: readonly Organisation[];
  recording: Recording;
}

const VARIABLE = 'BENCH_SETUP';

/** Saves the setup for a server. Returns the environment variable that names its file. */
export async function saveSetup(path: string, setup: ServerSetup): Promise<Record<string, string>> {
  await writeFile(path, serialize(setup));
  return { [VARIABLE]: path };
}

/** Reads the setup of this server, and the port and the database from the variables that ours uses. */
export async function readSetup(): Promise<{
  port: number;
  databaseUrl: string;
  recording: Recording;
  /** The organisations by their keys. */
  orgs: ReadonlyMap<string, string>;
}> {
  const { PORT, DATABASE_URL, [VARIABLE]: path } = process.env;
  if (PORT === undefined || DATABASE_URL === undefined || path === undefined) {
    throw new Error(`PORT, DATABASE_URL and ${VARIABLE} must be set. \`pnpm bench\` starts this program.`);
  }
  const { organisations, recording } = deserialize(await readFile(path)) as ServerSetup;
  const orgs = new Map(organisations.map(({ key, orgId }) => [key, orgId]));
  return { port: Number(PORT), databaseUrl: DATABASE_URL, recording, orgs };
}
