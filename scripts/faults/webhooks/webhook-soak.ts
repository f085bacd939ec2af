import { setTimeout as delay } from 'node:timers/promises';

import { randomGenerator } from '../random-generator.ts';
import { WebhookFleet } from './webhook-fleet.ts';

export interface WebhookSoakOptions {
  minutes: number;
  /** Seed of the kills. */
  seed: number;
  /** Called with a line of progress. */
  log: (line: string) => void;
}

const CUSTOMERS = 4;
const READERS = 8;
const MAX_PAUSE_MS = 10_000;
/** A claim of a killed process expires after 30 s, and a sweep finds it within 15 s. */
const SETTLE_MS = 120_000;
const POLL_MS = 500;

/**
 * Kills API processes at random while sessions end. Resolves with false unless every event arrived at the receiver at
 * least once, and every stream reader saw each exactly once, in the order of the commits.
 */
export async function webhookSoak({ minutes, seed, log }: WebhookSoakOptions): Promise<boolean> {
  const random = randomGenerator(seed);
  const fleet = await WebhookFleet.start();
  try {
    const { id: lastEventId } = await firstEvent(fleet);
    const path = '/healthy/soak';
    await fleet.client.webhookEndpoints.create({ url: fleet.receiver.url + path });
    const reading = new AbortController();
    const readers = Array.from({ length: READERS }, () => startReader(fleet, lastEventId, reading.signal));
    const endsAtMs = performance.now() + minutes * 60_000;
    const isOver = () => performance.now() > endsAtMs;
    const customers = Array.from({ length: CUSTOMERS }, async () => {
      while (!isOver()) await fleet.endSession().catch(() => delay(100));
    });
    let kills = 0;
    while (!isOver()) {
      await delay(random() * MAX_PAUSE_MS);
      const index = Math.floor(random() * fleet.apis.length);
      await fleet.kill(index);
      // Retries like a supervisor: a busy machine may not start the process in time.
      while (!(await isRestarted(fleet, index))) log('a process did not start, again …');
      kills += 1;
      log(`${kills} kills, ${fleet.receiver.at(path).length} deliveries`);
    }
    await Promise.all(customers);

    const expected = await eventIds(fleet, lastEventId);
    const missing = () => {
      const arrived = new Set(fleet.receiver.at(path).map(({ id }) => id));
      return expected.filter((id) => !arrived.has(id)).length;
    };
    const deadline = performance.now() + SETTLE_MS;
    const isComplete = () => missing() === 0 && readers.every((ids) => ids.length >= expected.length);
    while (!isComplete() && performance.now() < deadline) await delay(POLL_MS);
    reading.abort();
    const wrong = readers.filter((ids) => ids.join() !== expected.join());
    const attempts = fleet.receiver.at(path).length;
    console.log(
      [
        `seed ${seed}: ${kills} kills in ${minutes} minutes, ${expected.length} events`,
        `webhooks: ${expected.length - missing()} of ${expected.length} events arrived, in ${attempts} requests`,
        `streams: ${READERS - wrong.length} of ${READERS} readers saw each event exactly once and in order`,
        ...wrong.map((ids) => `a reader saw ${ids.length} events, ${new Set(ids).size} different ones`),
        `memory of each process: ${fleet
          .memoryMib()
          .map((mib) => mib.toFixed(0))
          .join(' and ')} MiB`,
      ].join('\n'),
    );
    return missing() === 0 && wrong.length === 0;
  } finally {
    await fleet.stop();
  }
}

async function isRestarted(fleet: WebhookFleet, index: number): Promise<boolean> {
  return fleet.restart(index).then(
    () => true,
    () => false,
  );
}

/** Returns an event that precedes all checked ones. */
async function firstEvent(fleet: WebhookFleet): Promise<{ id: string }> {
  await fleet.endSession();
  const [event] = (await fleet.client.events.list({ limit: 1 })).data;
  if (event === undefined) throw new Error('The end of a session has no event.');
  return event;
}

/** Collects the ids of events until the signal aborts. */
function startReader(fleet: WebhookFleet, lastEventId: string, signal: AbortSignal): string[] {
  const ids: string[] = [];
  const read = async () => {
    for await (const { id } of fleet.client.events.stream({ lastEventId, signal })) ids.push(id);
  };
  read().catch((error: unknown) => {
    if (!signal.aborted) console.error(error);
  });
  return ids;
}

/** Returns the events after one, in the order of the commits. */
async function eventIds({ database }: WebhookFleet, after: string): Promise<string[]> {
  const { rows } = await database.query<{ id: string }>(
    `SELECT id FROM events
      WHERE org_id = 'dev' AND mode = 'test' AND sequence > (SELECT sequence FROM events WHERE id = $1)
      ORDER BY sequence`,
    [after],
  );
  return rows.map(({ id }) => id);
}
