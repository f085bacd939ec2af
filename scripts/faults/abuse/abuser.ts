import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

import type { AbuserReport } from './measures.ts';

/** The first message to the abuser process. */
export interface AbuserTask {
  /** Name of an abuse. */
  abuse: string;
  urls: readonly string[];
  /** The abuser's API key. */
  key: string;
}

/** A process that has prepared an abuse. */
export interface Abuser {
  start(): void;
  /** Stops the abuse and the process. Resolves with the report. */
  stop(): Promise<AbuserReport>;
  kill(): void;
}

const MAIN = fileURLToPath(new URL('./abuser-main.ts', import.meta.url));

/**
 * Starts a process that abuses the service. It is separate so that the measuring process does not measure its own load.
 *
 * @throws {Error} when the process exits before it is ready
 */
export async function startAbuser(task: AbuserTask): Promise<Abuser> {
  const child = fork(MAIN);
  const reply = async (message: object): Promise<unknown> => {
    const replied = once(child, 'message');
    const exited = once(child, 'exit').then(() => {
      throw new Error(`The process of the abuse "${task.abuse}" exited.`);
    });
    child.send(message);
    const [value] = (await Promise.race([replied, exited])) as [unknown];
    exited.catch(() => undefined);
    return value;
  };
  await reply(task);
  return {
    start() {
      child.send('start');
    },
    async stop() {
      const report = (await reply(['stop'])) as AbuserReport;
      child.disconnect();
      if (child.exitCode === null) await once(child, 'exit');
      return report;
    },
    kill() {
      child.kill('SIGKILL');
    },
  };
}
