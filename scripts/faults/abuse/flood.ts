import { setTimeout as sleep } from 'node:timers/promises';

export interface FloodOptions {
  connections: number;
  /** Of all connections together; fewer where the responses take longer. */
  perSecond: number;
  signal: AbortSignal;
}

/** Sends requests over many connections, each one at a time, until it is aborted. */
export async function flood(
  { connections, perSecond, signal }: FloodOptions,
  send: (connection: number) => Promise<void>,
): Promise<void> {
  const intervalMs = (connections / perSecond) * 1000;
  const beganAtMs = performance.now();
  const isOver = (): boolean => signal.aborted;
  const sendSteadily = async (_: unknown, connection: number): Promise<void> => {
    let dueAtMs = beganAtMs + (connection / connections) * intervalMs;
    while (!isOver()) {
      await sleep(Math.max(0, dueAtMs - performance.now()));
      if (isOver()) return;
      await send(connection);
      // What was missed is not made up for, or one stall would be followed by another load.
      dueAtMs = Math.max(dueAtMs + intervalMs, performance.now());
    }
  };
  await Promise.all(Array.from({ length: connections }, sendSteadily));
}
