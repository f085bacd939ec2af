/** Runs one abuse in a separate process: prepares it when the task arrives, then starts and stops it on request. */
import { once, setMaxListeners } from 'node:events';

import type { AbuserTask } from './abuser.ts';
import { abuses } from './abuses.ts';
import type { AbuserReport } from './measures.ts';
import { Tally } from './tally.ts';

// The parent process is gone.
process.on('disconnect', () => process.exit());

const [task] = (await once(process, 'message')) as [AbuserTask];
const abuse = abuses.find(({ name }) => name === task.abuse);
if (abuse === undefined) throw new Error(`Unknown abuse "${task.abuse}".`);
const tally = new Tally();
const stop = new AbortController();
// Every connection adds a listener.
setMaxListeners(0, stop.signal);
const context = {
  ...task,
  signal: stop.signal,
  record: (response: Parameters<Tally['add']>[0]) => {
    if (!stop.signal.aborted) tally.add(response);
  },
};
const run = await abuse.prepare(context);
process.send?.('ready');

await once(process, 'message');
const startedAtMs = performance.now();
const cpu = process.cpuUsage();
const running = run();

await once(process, 'message');
stop.abort();
const { user, system } = process.cpuUsage(cpu);
const cores = (user + system) / 1000 / (performance.now() - startedAtMs);
await running;
const report: AbuserReport = { ...tally.report, cores };
process.send?.(report);
