import { setTimeout as delay } from 'node:timers/promises';

import { percentile } from '../../bench/statistics.ts';
import { formatTable } from '../table.ts';
import { webhookFaults } from './webhook-faults.ts';
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

/**
 * Measures what each fault does to a healthy endpoint of the same organisation while sessions end, and prints a table.
 * Resolves with false when an event did not arrive there or something else happened than it should.
 */
export async function measureWebhookFaults({ only, seconds, log }: WebhookFaultOptions): Promise<boolean> {
  const faults = webhookFaults.filter(({ name }) => only.length === 0 || only.includes(name));
  const fleet = await WebhookFleet.start();
  const rows = [['fault', 'sent', 'arrived', 'p50 ms', 'p99 ms', 'MiB', 'what happened']];
  let isRight = faults.length > 0;
  try {
    for (const { name, meaning, begin } of faults) {
      log(`${name}: ${meaning} …`);
      const path = `/healthy/${name}`;
      const { id } = await fleet.client.webhookEndpoints.create({
        url: fleet.receiver.url + path,
        event_types: ['session.canceled'],
      });
      const end = await begin(fleet);
      const sent = await endSessions(fleet, seconds);
      await arrivals(fleet, path, sent);
      const memory = fleet.memoryMib();
      const outcome = await end().catch((error: unknown) => ({ happened: String(error), isRight: false }));
      await fleet.client.webhookEndpoints.delete(id);
      // Of those that were measured: another session may have ended at the beginning.
      const measured = fleet.receiver.at(path).filter(({ body }) => sent.some((each) => body.includes(each)));
      const arrived = sent.filter((each) => measured.some(({ body }) => body.includes(each))).length;
      const times = measured.map(({ sinceEventMs }) => sinceEventMs);
      const figures = [0.5, 0.99].map((share) =>
        times.length === 0 ? '' : percentile(times, share).toFixed(0),
      );
      rows.push([
        name,
        String(sent.length),
        String(arrived),
        ...figures,
        memory.toFixed(0),
        outcome.happened,
      ]);
      if (!outcome.isRight || arrived < sent.length) {
        isRight = false;
        log(`${name}: not as it should be`);
      }
    }
  } finally {
    await fleet.stop();
  }
  console.log(formatTable(rows));
  return isRight;
}

/** Ends sessions at a steady rate. Returns the ids of those that ended. */
async function endSessions(fleet: WebhookFleet, seconds: number): Promise<string[]> {
  const ending: Promise<string | null>[] = [];
  for (let count = 0; count < seconds * SESSIONS_PER_SECOND; count += 1) {
    ending.push(fleet.endSession().catch(() => null));
    await delay(1000 / SESSIONS_PER_SECOND);
  }
  return (await Promise.all(ending)).flatMap((id) => id ?? []);
}

/** Resolves when the ends of all sessions have arrived, or time is up. */
async function arrivals({ receiver }: WebhookFleet, path: string, ids: readonly string[]): Promise<void> {
  const deadline = performance.now() + ARRIVAL_TIMEOUT_MS;
  const hasArrived = (id: string) => receiver.at(path).some(({ body }) => body.includes(id));
  while (!ids.every(hasArrived) && performance.now() < deadline) await delay(POLL_MS);
}
