import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';

import pg from 'pg';

import type { Fleet } from './fleet.ts';

/** A way in which the database fails. */
export interface DatabaseFault {
  readonly name: string;
  /** Describes the fault to an operator. */
  readonly meaning: string;
  /** Starts the fault. Resolves, once it is in effect, with a function that ends it. */
  start(fleet: Fleet): Promise<() => Promise<void>>;
}

const SLOW_MS = 250;
/** `max_connections` of the embedded server. */
const MAX_CONNECTIONS = 200;

/** The faults of `pnpm faults database`. Linux only: processes are found in /proc. */
export const databaseFaults: readonly DatabaseFault[] = [
  {
    name: 'killed',
    meaning: 'kill -9 of PostgreSQL, restarted at the end',
    async start(fleet) {
      fleet.proxy.refuse(true);
      for (const pid of await postgresPids(fleet.cluster)) signal(pid, 'SIGKILL');
      return async () => {
        await fleet.restartPostgres();
        fleet.proxy.refuse(false);
      };
    },
  },
  {
    name: 'refused',
    meaning: 'connections reset, new ones refused (a restart)',
    start({ proxy }) {
      proxy.refuse(true);
      return Promise.resolve(
        undo(() => {
          proxy.refuse(false);
        }),
      );
    },
  },
  {
    name: 'silent',
    meaning: 'open and new connections drop all data',
    start({ proxy }) {
      proxy.silenceOpenConnections();
      proxy.silenceNewConnections(true);
      return Promise.resolve(
        undo(() => {
          proxy.silenceNewConnections(false);
        }),
      );
    },
  },
  {
    name: 'failed over',
    meaning: 'open connections drop all data, new ones work',
    start({ proxy }) {
      proxy.silenceOpenConnections();
      return Promise.resolve(() => Promise.resolve());
    },
  },
  {
    name: 'frozen',
    meaning: 'SIGSTOP of every PostgreSQL process',
    async start({ cluster }) {
      const pids = await postgresPids(cluster);
      for (const pid of pids) signal(pid, 'SIGSTOP');
      return undo(() => {
        for (const pid of pids) signal(pid, 'SIGCONT');
      });
    },
  },
  {
    name: 'read-only',
    meaning: 'default_transaction_read_only (a failover to a standby)',
    async start({ databaseUrl }) {
      const set = (setting: string) =>
        query(
          databaseUrl,
          'SET default_transaction_read_only = off',
          `ALTER DATABASE greenroom ${setting}`,
          TERMINATE_OTHERS,
        );
      await set('SET default_transaction_read_only = on');
      return () => set('RESET default_transaction_read_only');
    },
  },
  {
    name: 'full',
    meaning: 'every write fails with 53100 (raised by a trigger)',
    async start({ databaseUrl }) {
      await query(
        databaseUrl,
        `CREATE OR REPLACE FUNCTION disk_full() RETURNS trigger LANGUAGE plpgsql AS
           $$ BEGIN RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = '53100'; END $$`,
        ...WRITTEN_TABLES.map(
          (table) =>
            `CREATE TRIGGER disk_full BEFORE INSERT OR UPDATE ON ${table} EXECUTE FUNCTION disk_full()`,
        ),
        // The temporary table by which /readyz looks for room.
        `CREATE OR REPLACE FUNCTION new_file_on_full_disk() RETURNS event_trigger LANGUAGE plpgsql AS
           $$ BEGIN RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = '53100'; END $$`,
        `CREATE EVENT TRIGGER disk_full ON ddl_command_start WHEN TAG IN ('CREATE TABLE AS')
           EXECUTE FUNCTION new_file_on_full_disk()`,
      );
      return () =>
        query(
          databaseUrl,
          'DROP EVENT TRIGGER disk_full',
          ...WRITTEN_TABLES.map((table) => `DROP TRIGGER disk_full ON ${table}`),
        );
    },
  },
  {
    name: 'exhausted',
    meaning: 'other clients use every connection slot',
    async start({ databaseUrl }) {
      const clients: pg.Client[] = [];
      await query(databaseUrl, TERMINATE_OTHERS);
      for (let count = 0; count < MAX_CONNECTIONS; count += 1) {
        const client = new pg.Client({ connectionString: databaseUrl, application_name: 'greenroom-faults' });
        client.on('error', () => undefined);
        try {
          await client.connect();
        } catch {
          break;
        }
        clients.push(client);
        if (count % 20 === 0) await client.query(TERMINATE_OTHERS);
      }
      await clients[0]?.query(TERMINATE_OTHERS).catch(() => undefined);
      return async () => {
        await Promise.all(clients.map((client) => client.end()));
      };
    },
  },
  {
    name: 'locked',
    meaning: 'another transaction locks the accounts table',
    async start({ databaseUrl }) {
      const client = new pg.Client({ connectionString: databaseUrl, application_name: 'greenroom-faults' });
      await client.connect();
      await client.query('BEGIN');
      await client.query('LOCK TABLE accounts IN ACCESS EXCLUSIVE MODE');
      return () => client.end();
    },
  },
  {
    name: 'slow',
    meaning: `${SLOW_MS} ms more latency in each direction`,
    start({ proxy }) {
      proxy.slowDown(SLOW_MS);
      return Promise.resolve(
        undo(() => {
          proxy.slowDown(0);
        }),
      );
    },
  },
];

/** Returns a synchronous action as the function that ends a fault. */
function undo(action: () => void): () => Promise<void> {
  return () => {
    action();
    return Promise.resolve();
  };
}

const WRITTEN_TABLES = ['accounts', 'sessions', 'session_events', 'idempotency_records'];

const TERMINATE_OTHERS = `
  SELECT pg_terminate_backend(pid) FROM pg_stat_activity
   WHERE datname = current_database() AND pid <> pg_backend_pid() AND application_name <> 'greenroom-faults'`;

async function query(databaseUrl: string, ...statements: string[]): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl, application_name: 'greenroom-faults' });
  await client.connect();
  try {
    for (const statement of statements) await client.query(statement);
  } finally {
    await client.end();
  }
}

/** Sends a signal to a process, unless it has exited. */
function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** Returns the process ids of the postmaster and its children. */
async function postgresPids(cluster: string): Promise<number[]> {
  const [line = ''] = (await readFile(join(cluster, 'postmaster.pid'), 'utf8')).split('\n');
  const postmaster = Number(line);
  const pids = (await readdir('/proc')).map(Number).filter(Number.isInteger);
  const parents = await Promise.all(pids.map(async (pid) => ({ pid, parent: await parentOf(pid) })));
  return [postmaster, ...parents.filter(({ parent }) => parent === postmaster).map(({ pid }) => pid)];
}

/** Returns the parent's id: the fourth field of /proc/PID/stat, where the second is a name in parentheses. */
async function parentOf(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
}
