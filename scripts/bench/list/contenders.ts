import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { startContender, type Contender, type ContenderOptions } from '../contender.ts';
import { CONNECTIONS, PATH } from './scenario.ts';

/** Starts the contenders. Adds each to `contenders`, so that the caller can stop them even when a later one fails. */
export async function startContenders(
  contenders: Contender[],
  { databaseUrl, dataDir, signal }: { databaseUrl: string; dataDir: string; signal: AbortSignal },
): Promise<void> {
  const env = {
    DATABASE_URL: databaseUrl,
    DATABASE_POOL_SIZE: String(CONNECTIONS),
    GREENROOM_DATA_DIR: dataDir,
    LOG_LEVEL: 'info',
    // Off by default in production.
    GREENROOM_DEV_ORG: 'true',
  };
  const start = async (options: Omit<ContenderOptions, 'env' | 'signal'>): Promise<void> => {
    contenders.push(await startContender({ ...options, env, signal }));
  };
  // The server starts first: it creates the tables and the development organisation, then writes the keys.
  await start({
    name: 'ours',
    args: ['--enable-source-maps', pathOf('../../../apps/api/dist/main.js')],
    isReady: async () => (await liveKey(dataDir)) !== null,
  });
  for (const name of ['floor', 'fastify']) {
    await start({
      name,
      args: ['--import', 'tsx', '--conditions=@greenroom/source', pathOf(`${name}-server.ts`)],
      isReady: async (url) => (await get(url + PATH)) !== null,
    });
  }
}

/** Returns the live key of the development organisation, or null before the server has created it. */
export async function liveKey(dataDir: string): Promise<string | null> {
  try {
    const keys = JSON.parse(await readFile(join(dataDir, 'dev.json'), 'utf8')) as { live_key: string };
    return keys.live_key;
  } catch {
    return null;
  }
}

async function get(url: string): Promise<string | null> {
  try {
    return await (await fetch(url)).text();
  } catch {
    return null;
  }
}

function pathOf(relative: string): string {
  return fileURLToPath(new URL(relative, import.meta.url));
}
