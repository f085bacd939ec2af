import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

import type { AbuserReport } from './measures.ts';

/** The first message to the abuser's process. */
export interface AbuserTask {
  /** Name of an abuse. */
  abuse: string;
  urls: readonly string[];
  /** The abuser's own API key. */
  key: string;
}

/** A process that is ready to abuse the service. */
export interface Abuser {
  begin(): void;
  /** Ends the abuse and the process. */
  stop(): Promise<AbuserReport>;
  kill(): void;
}

const MAIN = fileURLToPath(new URL('./abuser-main.ts', import.meta.url));

/**
 * Starts the process that abuses the service: apart from the measuring one, which would otherwise measure its own load.
 *
 * @throws when the process ends before it is ready
 */
export async function startAbuser(task: AbuserTask): Promise<Abuser> {
  const child = fork(MAIN);
  const reply = async (message: object): Promise<unknown> => {
    const replied = once(child, 'message');
    const exited = once(child, 'exit').then(() => {
      throw new Error(`The process that performs "${task.abuse}" ended.`);
    });
    child.send(message);
    const [value] = (await Promise.race([replied, exited])) as [unknown];
    exited.catch(() => undefined);
    return value;
  };
  await reply(task);
  return {
    begin() {
      child.send('begin');
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
