import { setTimeout as delay } from 'node:timers/promises';

import { GreenroomError } from '@greenroom/client';

import { percentile } from '../../bench/statistics.ts';
import { formatTable } from '../table.ts';
import { webhookFaults, type Outcome, type WebhookFault } from './webhook-faults.ts';
import { WebhookFleet } from './webhook-fleet.ts';

export interface WebhookFaultOptions {
  /** Names of faults; empty: all. */
  only: readonly string[];
  /** How long sessions end during each fault. */
  seconds: number;
  /** Called with a line of progress. */
  log: (line: string) => void;
}

const SESSIONS_PER_SECOND = 5;
const ARRIVAL_TIMEOUT_MS = 90_000;
const POLL_MS = 50;
const MEMORY_INTERVAL_MS = 1_000;
/** The maximum memory of each process at any time. */
const MAX_MEMORY_MIB = 512;
const COLUMNS = [
  ...['fault', 'asked', 'sent', 'refused', 'arrived', 'p50 ms', 'p99 ms'],
  ...[`peak MiB (max ${MAX_MEMORY_MIB})`, 'right', 'what happened'],
];

/**
 * Measures the effect of each fault on a healthy endpoint of the same organisation while sessions end, and prints a
 * table. Resolves with false when a session did not end, its event did not arrive, a process used more than
 * `MAX_MEMORY_MIB`, or the outcome of a fault was wrong.
 */
export async function measureWebhookFaults({ only, seconds, log }: WebhookFaultOptions): Promise<boolean> {
  const faults = webhookFaults.filter(({ name }) => only.length === 0 || only.includes(name));
  const fleet = await WebhookFleet.start();
  const rows = [COLUMNS];
  let isRight = faults.length > 0;
  try {
    for (const fault of faults) {
      log(`${fault.name}: ${fault.meaning} …`);
      const measured = await measureFault(fleet, fault, seconds);
      rows.push(measured.row);
      if (measured.wrong.length > 0) {
        isRight = false;
        log(`${fault.name}: not as it should be: ${measured.wrong.join(', ')}`);
      }
    }
  } finally {
    await fleet.stop();
  }
  console.log(formatTable(rows));
  return isRight;
}

/** Measures one fault. Returns its row and its problems. */
async function measureFault(
  fleet: WebhookFleet,
  { name, killsProcesses = false, begin }: WebhookFault,
  seconds: number,
): Promise<{ row: string[]; wrong: string[] }> {
  const path = `/healthy/${name}`;
  const { id } = await fleet.client.webhookEndpoints.create({
    url: fleet.receiver.url + path,
    event_types: ['session.canceled'],
  });
  const memory = watchMemory(fleet);
  const failed = (error: unknown): Outcome => ({ happened: String(error), isRight: false });
  // A fault that could not begin is an outcome, too.
  const end = await begin(fleet).catch((error: unknown) => () => Promise.resolve(failed(error)));
  const asked = seconds * SESSIONS_PER_SECOND;
  const { sent, refused, failures } = await endSessions(fleet, asked);
  await arrivals(fleet, path, sent);
  const outcome = await end().catch(failed);
  const peakMib = memory.stop();
  const ended = await fleet.restartEnded();
  await fleet.client.webhookEndpoints.delete(id);
  // Counts only measured sessions: another one may have ended before.
  const measured = fleet.receiver.at(path).filter(({ body }) => sent.some((each) => body.includes(each)));
  const arrived = sent.filter((each) => measured.some(({ body }) => body.includes(each))).length;
  const times = measured.map(({ sinceEventMs }) => sinceEventMs);
  const figures = [0.5, 0.99].map((share) => (times.length === 0 ? '' : percentile(times, share).toFixed(0)));
  const wrong = [
    ...(outcome.isRight ? [] : [outcome.happened]),
    ...failures,
    ...(refused > 0 && !killsProcesses ? [`${refused} sessions were refused`] : []),
    ...ended.map((index) => `process ${index} has ended`),
    ...(sent.length === 0 ? ['no session ended'] : []),
    ...(arrived < sent.length ? [`${sent.length - arrived} events did not arrive`] : []),
    ...(peakMib > MAX_MEMORY_MIB ? [`a process took ${peakMib.toFixed(0)} MiB`] : []),
  ];
  const counts = [asked, sent.length, refused, arrived].map(String);
  const isRight = wrong.length === 0 ? 'yes' : 'no';
  return { row: [name, ...counts, ...figures, peakMib.toFixed(0), isRight, outcome.happened], wrong };
}

/** Samples the memory of the processes. `stop` returns the maximum of one process, in MiB. */
function watchMemory(fleet: WebhookFleet): { stop: () => number } {
  let peakMib = 0;
  const sample = () => {
    peakMib = Math.max(peakMib, ...fleet.memoryMib());
  };
  sample();
  const timer = setInterval(sample, MEMORY_INTERVAL_MS);
  return {
    stop() {
      clearInterval(timer);
      sample();
      return peakMib;
    },
  };
}

/** The outcome of the sessions of a load. */
interface Load {
  /** The ids of the sessions that ended. */
  sent: string[];
  /** The number of sessions that were rejected with 503. */
  refused: number;
  /** Why the others did not end. */
  failures: string[];
}

/** Ends sessions at a steady rate. */
async function endSessions(fleet: WebhookFleet, count: number): Promise<Load> {
  const load: Load = { sent: [], refused: 0, failures: [] };
  const ending: Promise<void>[] = [];
  for (let session = 0; session < count; session += 1) {
    ending.push(endSession(fleet, load));
    await delay(1000 / SESSIONS_PER_SECOND);
  }
  await Promise.all(ending);
  return load;
}

async function endSession(fleet: WebhookFleet, load: Load): Promise<void> {
  try {
    load.sent.push(await fleet.endSession());
  } catch (error) {
    if (error instanceof GreenroomError && error.status === 503) load.refused += 1;
    else load.failures.push(`a session did not end: ${String(error)}`);
  }
}

/** Resolves when the ends of all sessions have arrived, or time is up. */
async function arrivals({ receiver }: WebhookFleet, path: string, ids: readonly string[]): Promise<void> {
  const deadline = performance.now() + ARRIVAL_TIMEOUT_MS;
  const hasArrived = (id: string) => receiver.at(path).some(({ body }) => body.includes(id));
  while (!ids.every(hasArrived) && performance.now() < deadline) await delay(POLL_MS);
}
