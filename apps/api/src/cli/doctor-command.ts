import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';

import { inspectMigrations, newerMessage, subscribe, type Database } from '@greenroom/database';
import { unknownSettings } from '@greenroom/settings';
import type { Command } from 'commander';

import { databaseTimeMs } from '../common/clock-repository.ts';
import { readConfig } from '../common/config.ts';
import { sendNotifications } from '../common/notification-repository.ts';
import { allOf } from '../errors/message-text.ts';
import { errorLine } from '../startup/error-line.ts';
import { hasLiveWorkers, isWritable } from '../status/status-repository.ts';
import { currentInvocation } from './invocation.ts';
import { withDatabase } from './operator-database.ts';
import { livekitUrl } from './option-values.ts';
import { printList } from './output.ts';

const CHANNEL = 'greenroom_doctor';
const NOTIFICATION_TIMEOUT_MS = 5_000;
const POLL_MS = 10;
/** A larger difference makes the times of the log misleading. */
const MAX_CLOCK_DIFFERENCE_MS = 1_000;

interface Finding {
  check: string;
  status: 'ok' | 'warning' | 'failed';
  /** The finding, with the remedy unless it is ok. */
  detail: string;
}

/**
 * Returns a finding.
 *
 * @throws {Error} when the server cannot run
 */
type Check = (database: Database, url: string) => Promise<Omit<Finding, 'check'>>;

/** Longer than a connection to another continent needs. */
const CONNECT_TIMEOUT_MS = 5_000;

/** The checks, each after those that it depends on. */
const CHECKS: readonly [string, Check][] = [
  ['database', checkDatabase],
  ['migrations', checkMigrations],
  ['notifications', checkNotifications],
  ['clock', checkClock],
  ['workers', checkWorkers],
];

/** Adds `doctor`, which checks the requirements of a server. */
export function addDoctorCommand(program: Command): void {
  program
    .command('doctor')
    .description('Check the environment, the database and the workers, and say what to do. Changes nothing.')
    .option('--livekit <url>', 'check from this machine that a LiveKit server can be reached', livekitUrl)
    .addHelpText(
      'after',
      '\nExamples:\n  greenroom doctor\n  greenroom doctor --livekit wss://livekit.example.com',
    )
    .action(async ({ livekit }: { livekit?: URL }, command: Command) => {
      const findings = await examine();
      if (livekit !== undefined) findings.push({ check: 'rooms', ...(await checkRooms(livekit)) });
      printList(
        command,
        findings.map((finding) => ({ ...finding })),
      );
      if (findings.some(({ status }) => status === 'failed')) currentInvocation().exitCode = 1;
    });
}

/** Returns the findings up to the first failure: the checks after it would fail as well. */
async function examine(): Promise<Finding[]> {
  const findings: Finding[] = [];
  let current = 'environment';
  try {
    // Read once: the file of a secret may be a pipe.
    const config = readConfig(currentInvocation().env);
    findings.push({ check: current, ...checkNames() });
    current = 'database';
    await withDatabase(async (database, url) => {
      for (const [name, check] of CHECKS) {
        current = name;
        findings.push({ check: name, ...(await check(database, url)) });
      }
    }, config);
  } catch (error) {
    const detail = errorLine(error).replaceAll(/\n+/g, ' ');
    findings.push({ check: current, status: 'failed', detail });
  }
  return findings;
}

function checkNames(): Omit<Finding, 'check'> {
  const unknown = unknownSettings(currentInvocation().env);
  if (unknown.length === 0) return { status: 'ok', detail: 'All variables are valid.' };
  return { status: 'warning', detail: unknown.join(' ') };
}

async function checkDatabase(database: Database): ReturnType<Check> {
  if (await isWritable(database)) {
    return { status: 'ok', detail: 'The database can be reached and is writable.' };
  }
  throw new Error(
    'The database is read-only: DATABASE_URL names a standby, or a role that may not write. Name the primary.',
  );
}

async function checkMigrations(_database: Database, url: string): ReturnType<Check> {
  const { pending, newer } = await inspectMigrations(url);
  if (pending.length > 0) {
    throw new Error(
      `The database is too old for this version: it lacks ${allOf(pending)}. Run \`greenroom database migrate\`, or start the ` +
        'server, which does the same.',
    );
  }
  if (newer.length === 0) {
    return { status: 'ok', detail: 'The encoding is UTF8, and no migration is missing.' };
  }
  return { status: 'warning', detail: newerMessage(newer) };
}

async function checkNotifications(database: Database, url: string): ReturnType<Check> {
  const message = randomUUID();
  const received = new Set<string>();
  const subscription = await subscribe(url, {
    applicationName: 'greenroom-operator-listen',
    channels: [CHANNEL],
    onNotification: (_channel, payload) => received.add(payload),
    onConnect: () => undefined,
    onDisconnect: () => undefined,
  });
  try {
    await sendNotifications(database, [{ channel: CHANNEL, message }]);
    const lastMs = performance.now() + NOTIFICATION_TIMEOUT_MS;
    while (!received.has(message) && performance.now() < lastMs) await delay(POLL_MS);
    if (received.has(message)) return { status: 'ok', detail: 'LISTEN receives what NOTIFY sends.' };
  } finally {
    await subscription.close();
  }
  throw new Error(
    'LISTEN receives nothing. Connect to the primary directly, or through a pooler with pool_mode=session.',
  );
}

async function checkClock(database: Database): ReturnType<Check> {
  const sentAtMs = Date.now();
  const databaseMs = await databaseTimeMs(database);
  const differenceMs = Math.round((sentAtMs + Date.now()) / 2 - databaseMs);
  if (Math.abs(differenceMs) <= MAX_CLOCK_DIFFERENCE_MS) {
    return { status: 'ok', detail: 'The clocks of this machine and the database agree.' };
  }
  const detail =
    `This machine's clock is ${differenceMs} ms ahead of the database's, which the server goes by. Synchronise ` +
    'both, so that the times in the log are right.';
  return { status: 'warning', detail };
}

async function checkWorkers(database: Database): ReturnType<Check> {
  if (await hasLiveWorkers(database)) {
    return { status: 'ok', detail: 'A worker was seen within the last minute.' };
  }
  return {
    status: 'warning',
    detail:
      'No worker was seen within the last minute: sessions stay queued. Start a worker, or check `workers list`.',
  };
}

/** Connects like a worker, by TCP and TLS, but without a token. Any response shows that the server can be reached. */
async function checkRooms(livekit: URL): Promise<Omit<Finding, 'check'>> {
  const url = new URL(livekit);
  url.protocol = livekit.protocol === 'wss:' ? 'https:' : 'http:';
  try {
    const response = await fetch(url, {
      redirect: 'manual',
      signal: AbortSignal.timeout(CONNECT_TIMEOUT_MS),
    });
    await response.body?.cancel();
    return {
      status: 'ok',
      detail: `${livekit.host} can be reached from this machine. Workers must be able to reach it too.`,
    };
  } catch (error) {
    const reason = errorLine(error instanceof Error && error.cause !== undefined ? error.cause : error);
    const detail =
      `${livekit.host} cannot be reached from this machine: ${reason}. Check the name and certificate, and allow ` +
      'outbound connections to it on every worker.';
    return { status: 'failed', detail };
  }
}
