import { Agent } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';

import { sessionCreate } from '@greenroom/testing';

import { exchange, postJson, type Exchange } from './exchange.ts';
import type { VictimSample } from './measures.ts';

/** A round consists of four requests. */
const ROUND_INTERVAL_MS = 250;

/**
 * Creates, gets, lists and ends sessions at a constant rate, regardless of response times. Rounds alternate between the
 * API processes. Every other round per process opens new connections.
 */
export async function victimLoad(
  urls: readonly string[],
  key: string,
  seconds: number,
): Promise<VictimSample[]> {
  const samples: VictimSample[] = [];
  const agent = new Agent({ keepAlive: true });
  const rounds: Promise<void>[] = [];
  const startedAtMs = performance.now();
  for (let round = 0; round * ROUND_INTERVAL_MS < seconds * 1000; round += 1) {
    await delay(Math.max(0, startedAtMs + round * ROUND_INTERVAL_MS - performance.now()));
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
  const record = (
    operation: VictimSample['operation'],
    expected: number,
    { status, durationMs, body }: Exchange,
  ) => {
    const failure =
      status === expected ? null : `${operation} ${status ?? 'unanswered'} ${body.slice(0, 200)}`;
    samples.push({ operation, durationMs, failure });
  };
  const created = await postJson({ url, key, agent }, await sessionCreate());
  record('create', 201, created);
  record('list', 200, await exchange({ url: `${url}?limit=20`, key, agent }));
  if (created.status !== 201) return;
  const { id } = JSON.parse(created.body) as { id: string };
  record('get', 200, await exchange({ url: `${url}/${id}`, key, agent }));
  record('end', 200, await exchange({ url: `${url}/${id}/end`, method: 'POST', key, agent }));
}
