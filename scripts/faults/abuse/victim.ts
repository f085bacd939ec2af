import { Agent } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

import { sessionCreate } from '@greenroom/testing';

import { exchange, postJson, type Exchange } from './exchange.ts';
import type { VictimSample } from './measures.ts';

/** Each round is four requests. */
const ROUND_INTERVAL_MS = 250;

/**
 * Creates, gets, lists and ends sessions at a steady rate, whatever the responses take. Rounds take turns on the
 * processes; every other round opens new connections.
 */
export async function victimLoad(
  urls: readonly string[],
  key: string,
  seconds: number,
): Promise<VictimSample[]> {
  const samples: VictimSample[] = [];
  const agent = new Agent({ keepAlive: true });
  const rounds: Promise<void>[] = [];
  const beganAtMs = performance.now();
  for (let round = 0; round * ROUND_INTERVAL_MS < seconds * 1000; round += 1) {
    await sleep(Math.max(0, beganAtMs + round * ROUND_INTERVAL_MS - performance.now()));
    const url = `${urls[round % urls.length] ?? ''}/v1/sessions`;
    const isNew = Math.floor(round / urls.length) % 2 === 1;
    rounds.push(victimRound(url, key, isNew ? false : agent, samples));
  }
  await Promise.all(rounds);
  agent.destroy();
  return samples;
}

async function victimRound(
  url: string,
  key: string,
  agent: Agent | false,
  samples: VictimSample[],
): Promise<void> {
  const note = (
    operation: VictimSample['operation'],
    expected: number,
    { status, durationMs, body }: Exchange,
  ) => {
    const failure =
      status === expected ? null : `${operation} ${status ?? 'unanswered'} ${body.slice(0, 200)}`;
    samples.push({ operation, durationMs, failure });
  };
  const created = await postJson({ url, key, agent }, await sessionCreate());
  note('create', 201, created);
  note('list', 200, await exchange({ url: `${url}?limit=20`, key, agent }));
  if (created.status !== 201) return;
  const { id } = JSON.parse(created.body) as { id: string };
  note('get', 200, await exchange({ url: `${url}/${id}`, key, agent }));
  note('end', 200, await exchange({ url: `${url}/${id}/end`, method: 'POST', key, agent }));
}
