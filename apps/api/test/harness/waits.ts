import { until } from '@greenroom/testing';

import type { TestServer } from './test-server.ts';

/** Returns a function that resolves when another request waits at the server: a claim or a report. */
export function nextWait({ logLines }: TestServer): () => Promise<void> {
  const waits = () => logLines.filter((line) => line.includes('"request is waiting"')).length;
  const before = waits();
  return () => until(() => waits() > before);
}
