import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { startContender, type Contender, type ContenderOptions } from '../contender.ts';
import { CONNECTIONS, PATH } from './scenario.ts';

/** Contenders are started with the list they join at once, so that whoever made it can stop what was started. */
export async function startContenders(
  contenders: Contender[],
  { databaseUrl, dataDir, signal }: { databaseUrl: string; dataDir: string; signal: AbortSignal },
): Promise<void> {
  const env = {
    DATABASE_URL: databaseUrl,
    DATABASE_POOL_SIZE: String(CONNECTIONS),
    GREENROOM_DATA_DIR: dataDir,
    LOG_LEVEL: 'info',
    // In production it is made for who asks.
    GREENROOM_DEV_ORG: 'true',
  };
  const start = async (options: Omit<ContenderOptions, 'env' | 'signal'>): Promise<void> => {
    contenders.push(await startContender({ ...options, env, signal }));
  };
  // The server is first: it makes the tables and the development organisation, and says so by writing its keys.
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

/** The development organisation's live key, once the server has made it. */
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
