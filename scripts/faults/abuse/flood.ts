import { setTimeout as delay } from 'node:timers/promises';

export interface FloodOptions {
  connections: number;
  /** Request rate of all connections together. Lower when responses take longer. */
  perSecond: number;
  signal: AbortSignal;
}

/** Sends requests over many connections, one at a time on each, until the signal aborts. */
export async function flood(
  { connections, perSecond, signal }: FloodOptions,
  send: (connection: number) => Promise<void>,
): Promise<void> {
  const intervalMs = (connections / perSecond) * 1000;
  const startedAtMs = performance.now();
  const isDone = (): boolean => signal.aborted;
  const sendSteadily = async (_: unknown, connection: number): Promise<void> => {
    let dueAtMs = startedAtMs + (connection / connections) * intervalMs;
    while (!isDone()) {
      await delay(Math.max(0, dueAtMs - performance.now()));
      if (isDone()) return;
      await send(connection);
      // Does not catch up on missed requests, which would change the load after a stall.
      dueAtMs = Math.max(dueAtMs + intervalMs, performance.now());
    }
  };
  await Promise.all(Array.from({ length: connections }, sendSteadily));
}
