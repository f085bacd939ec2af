import type { Database } from '@greenroom/database';
import { Logger as JobLogger, parseCronItems, run } from 'graphile-worker';
import type { Logger } from 'pino';

import {
  PORTRAIT_SWEEP_TASK,
  PORTRAIT_TASK,
  processPortrait,
  sweepPortraits,
} from './avatars/portrait-jobs.ts';
import { DEADLINE_TASK } from './sessions/deadline-jobs.ts';
import type { SessionDeadlines } from './sessions/session-deadlines.ts';
import { forgetWorkers } from './workers/worker-repository.ts';

/** graphile-worker tells much that only a developer wants to know. */
const LOG_METHODS = { error: 'error', warning: 'warn', info: 'debug', debug: 'trace' } as const;

/** Jobs of one process at a time. */
const CONCURRENCY = 4;

export interface Jobs {
  isRunning(): boolean;
  stop(): Promise<void>;
}

/** Runs the jobs that transactions left in the database, on every API process: PostgreSQL deals them out. */
export async function startJobs(database: Database, deadlines: SessionDeadlines, log: Logger): Promise<Jobs> {
  let running = true;
  const runner = await run({
    pgPool: database.pool,
    concurrency: CONCURRENCY,
    noHandleSignals: true,
    logger: jobLogger(log),
    taskList: {
      [DEADLINE_TASK]: deadlines.keep,
      [PORTRAIT_TASK]: processPortrait(database, log),
      [PORTRAIT_SWEEP_TASK]: sweepPortraits(database),
      purge_idempotency_records: async () => {
        await database.prisma.idempotencyRecord.deleteMany({ where: { expiresAt: { lt: new Date() } } });
      },
      forget_workers: () => forgetWorkers(database),
    },
    parsedCronItems: parseCronItems([
      { task: 'purge_idempotency_records', match: '17 * * * *' },
      { task: PORTRAIT_SWEEP_TASK, match: '* * * * *' },
      { task: 'forget_workers', match: '47 * * * *' },
    ]),
  });
  void runner.promise.finally(() => {
    running = false;
  });
  // Who starts may have been killed in the middle of one.
  await runner.addJob(PORTRAIT_SWEEP_TASK, {}, { jobKey: PORTRAIT_SWEEP_TASK });
  return {
    isRunning: () => running,
    async stop() {
      if (running) await runner.stop();
    },
  };
}

function jobLogger(log: Logger): JobLogger {
  return new JobLogger(() => (level, message, meta) => {
    const method = LOG_METHODS[level];
    log[method]({ ...(meta?.['error'] !== undefined && { err: meta['error'] }) }, message);
  });
}
