import { readFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';

import { ensureOrg, openDatabase } from '@greenroom/database';
import pg from 'pg';

import { percentile } from '../../bench/statistics.ts';
import { exitedProcesses, startFleet, type Fleet } from '../fleet.ts';
import { formatTable } from '../table.ts';
import { startAbuser } from './abuser.ts';
import { abuses, type Abuse } from './abuses.ts';
import { createKey } from './create-key.ts';
import {
  missedGoals,
  ratioOf,
  type AbuseMeasures,
  type AbuserReport,
  type PhaseMeasures,
} from './measures.ts';
import { victimLoad } from './victim.ts';

export interface AbuseOptions {
  /** Duration of each phase: before, during and after an abuse. */
  seconds: number;
  /** Names of the abuses to measure. Empty: all. */
  only: readonly string[];
  /** Prints JSON instead of a table. */
  json: boolean;
  /** Called with a line of progress. */
  log: (line: string) => void;
}

interface Result extends AbuseMeasures {
  name: string;
  meaning: string;
  ratio: number;
  missed: string[];
}

/** Time for the aftermath of an abuse, such as sessions that a worker drains. */
const SETTLE_MS = 3_000;
const WARM_UP_SECONDS = 10;
const VICTIM = 'victim';

/**
 * Measures how one organisation is affected when another one abuses two API processes, and prints a table. Resolves
 * with false when a goal was missed.
 */
export async function measureAbuses({ seconds, only, json, log }: AbuseOptions): Promise<boolean> {
  const results: Result[] = [];
  const fleet = await startFleet({ direct: true });
  try {
    const victimKey = await createOrg(fleet, VICTIM);
    await victimLoad(urlsOf(fleet), victimKey, WARM_UP_SECONDS);
    for (const [index, abuse] of abuses.entries()) {
      if (only.length > 0 && !only.includes(abuse.name)) continue;
      log(`${abuse.name}: ${abuse.meaning} …`);
      // Each abuse gets a new key, because the previous one has exhausted the rate limit of its key.
      const abuserKey = await createOrg(fleet, `abuser-${index}`);
      const measures = await measureAbuse(fleet, abuse, { victimKey, abuserKey, seconds });
      results.push({
        name: abuse.name,
        meaning: abuse.meaning,
        ratio: ratioOf(measures),
        missed: missedGoals(measures),
        ...measures,
      });
      if (measures.exited > 0) break;
      await delay(SETTLE_MS);
    }
  } finally {
    await fleet.stop();
  }
  console.log(
    json ? JSON.stringify(results, null, 2) : [formatTable(rowsOf(results)), ...linesOf(results)].join('\n'),
  );
  return results.every(({ missed }) => missed.length === 0);
}

async function measureAbuse(
  fleet: Fleet,
  abuse: Abuse,
  { victimKey, abuserKey, seconds }: { victimKey: string; abuserKey: string; seconds: number },
): Promise<AbuseMeasures> {
  const phase = () => measurePhase(fleet, victimKey, seconds);
  const abuser = await startAbuser({ abuse: abuse.name, urls: urlsOf(fleet), key: abuserKey });
  let report: AbuserReport;
  let before: PhaseMeasures;
  let during: PhaseMeasures;
  try {
    await delay(SETTLE_MS);
    before = await phase();
    abuser.start();
    during = await phase();
    report = await abuser.stop();
  } catch (error) {
    abuser.kill();
    throw error;
  }
  const after = await phase();
  return { before, during, after, abuser: report, exited: exitedProcesses(fleet).length };
}

async function measurePhase(fleet: Fleet, key: string, seconds: number): Promise<PhaseMeasures> {
  const transactions = await transactionsOf(fleet.databaseUrl);
  const cpuSeconds = await cpuSecondsOf(fleet);
  const machineMs = machineCpuMs();
  const startedAtMs = performance.now();
  const samples = await victimLoad(urlsOf(fleet), key, seconds);
  const elapsedSeconds = (performance.now() - startedAtMs) / 1000;
  const machineCores = (machineCpuMs() - machineMs) / 1000 / elapsedSeconds;
  const usedSeconds = await cpuSecondsOf(fleet);
  const durations = samples.map(({ durationMs }) => durationMs);
  const failures = samples.flatMap(({ failure }) => failure ?? []);
  return {
    requests: samples.length,
    errors: failures.length,
    firstError: failures[0] ?? null,
    p50Ms: percentile(durations, 0.5),
    p99Ms: percentile(durations, 0.99),
    longestMs: Math.max(...durations),
    transactionsPerSecond: ((await transactionsOf(fleet.databaseUrl)) - transactions) / elapsedSeconds,
    apiCores: Math.max(...usedSeconds.map((used, at) => (used - (cpuSeconds[at] ?? 0)) / elapsedSeconds)),
    machineCores,
  };
}

function urlsOf({ apis }: Fleet): string[] {
  return apis.map(({ url }) => url);
}

/** Creates an organisation with the largest plan and default limits. Resolves with a test key. */
async function createOrg({ databaseUrl }: Fleet, org: string): Promise<string> {
  const database = openDatabase(databaseUrl, { poolSize: 1, applicationName: 'greenroom-faults' });
  try {
    await ensureOrg(database, { id: org, name: org, planId: 'scale', credits: 0 });
  } finally {
    await database.close();
  }
  return createKey(databaseUrl, org);
}

async function transactionsOf(databaseUrl: string): Promise<number> {
  const client = new pg.Client({ connectionString: databaseUrl, application_name: 'greenroom-faults' });
  await client.connect();
  try {
    const { rows } = await client.query<{ count: string }>(
      `SELECT xact_commit + xact_rollback AS count FROM pg_stat_database WHERE datname = current_database()`,
    );
    return Number(rows[0]?.count);
  } finally {
    await client.end();
  }
}

/** Returns the total busy time of all processors since boot. */
function machineCpuMs(): number {
  return cpus().reduce((sum, { times }) => sum + times.user + times.nice + times.sys + times.irq, 0);
}

const TICKS_PER_SECOND = 100;

/** Reads the fields 14 and 15 of /proc/PID/stat, where the second is a name in parentheses. Linux only. */
function cpuSecondsOf({ apis }: Fleet): Promise<number[]> {
  return Promise.all(
    apis.map(async ({ child }) => {
      const stat = await readFile(`/proc/${child.pid ?? 0}/stat`, 'utf8').catch(() => '');
      const [user = 0, system = 0] = stat
        .slice(stat.lastIndexOf(')') + 2)
        .split(' ')
        .slice(11, 13)
        .map(Number);
      return (user + system) / TICKS_PER_SECOND;
    }),
  );
}

function rowsOf(results: readonly Result[]): string[][] {
  const phases = ['before', 'during', 'after'] as const;
  return [
    [
      'abuse',
      ...phases.flatMap((phase) => [`p50 ${phase}`, `p99 ${phase}`]),
      'ratio',
      'errors',
      'wrong',
      'unanswered',
      'transactions/s',
      'API cores',
      'abuser cores',
      'machine cores',
      'verdict',
    ],
    ...results.map((result) => [
      result.name,
      ...phases.flatMap((phase) => [result[phase].p50Ms.toFixed(1), result[phase].p99Ms.toFixed(1)]),
      result.ratio.toFixed(1),
      phases.map((phase) => result[phase].errors).join('/'),
      String(result.abuser.wrong),
      String(result.abuser.unanswered),
      `${result.before.transactionsPerSecond.toFixed(0)} → ${result.during.transactionsPerSecond.toFixed(0)}`,
      `${result.before.apiCores.toFixed(2)} → ${result.during.apiCores.toFixed(2)}`,
      result.abuser.cores.toFixed(2),
      `${result.before.machineCores.toFixed(2)} → ${result.during.machineCores.toFixed(2)}`,
      result.missed.length === 0 ? 'ok' : 'missed',
    ]),
  ];
}

function linesOf(results: readonly Result[]): string[] {
  return [
    '',
    ...results.map(({ name, abuser }) => {
      const responses = Object.entries(abuser.responses).map(([kind, count]) => `${count} × ${kind}`);
      return `${name}, responses to the abuser: ${responses.length === 0 ? 'none' : responses.join(', ')}`;
    }),
    '',
    ...results.flatMap(({ name, missed }) => missed.map((goal) => `${name}: ${goal}`)),
  ];
}
