import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { newId } from '@greenroom/api/common/ids';
import { createGreenroom, type Greenroom } from '@greenroom/client';
import { openEmbeddedPostgres, type EmbeddedPostgres } from '@greenroom/database';
import { sessionCreate } from '@greenroom/testing';
import pg from 'pg';

import { buildApps } from '../../build-apps.mjs';
import { readDevKeys, startApi, type DevKeys } from '../../built-programs.ts';
import { hasExited, stopProcess, type ServerProcess } from '../../server-process.ts';
import { Receiver } from './receiver.ts';

const PROCESSES = 2;
const RESOLVER = new URL('rebinding-resolver.mjs', import.meta.url).href;
const MIB = 1024;

/** Two API processes that may deliver to this machine, PostgreSQL, and the servers of customers. */
export class WebhookFleet {
  readonly receiver = new Receiver();
  readonly database: pg.Pool;
  /** A client that uses the processes in turn. */
  readonly client: Greenroom;
  readonly #apis: ServerProcess[] = [];
  readonly #dir: string;
  readonly #postgres: EmbeddedPostgres;
  readonly #tokenKey = randomBytes(32).toString('base64');
  #keys: DevKeys = { test: '', live: '', worker: '' };
  #turn = 0;

  private constructor(dir: string, postgres: EmbeddedPostgres) {
    this.#dir = dir;
    this.#postgres = postgres;
    this.database = new pg.Pool({ connectionString: postgres.url, max: 4 });
    this.client = createGreenroom({
      // Each request replaces it, because the key is not known yet.
      apiKey: 'sk_test_of_the_fleet',
      baseUrl: 'http://fleet.example',
      fetch: (request) => this.#send(request),
    });
  }

  /** Builds and starts everything in a temporary directory. */
  static async start(): Promise<WebhookFleet> {
    await buildApps('api');
    const dir = await mkdtemp(join(tmpdir(), 'greenroom-webhooks-'));
    const fleet = new WebhookFleet(dir, await openEmbeddedPostgres({ dataDir: dir }));
    try {
      await fleet.receiver.start();
      for (let index = 0; index < PROCESSES; index += 1) await fleet.restart(index);
      fleet.#keys = await readDevKeys(join(dir, '0'));
      return fleet;
    } catch (error) {
      await fleet.stop();
      throw error;
    }
  }

  get apis(): readonly ServerProcess[] {
    return this.#apis;
  }

  get keys(): DevKeys {
    return this.#keys;
  }

  /** Starts a process, or restarts one that has ended. */
  async restart(index: number, preloaded: Readonly<Record<string, string>> = {}): Promise<void> {
    const { preload, ...env } = preloaded;
    const preloads = [RESOLVER, preload].flatMap((url) => (url === undefined ? [] : [`--import ${url}`]));
    this.#apis[index] = await startApi({
      dataDir: join(this.#dir, String(index)),
      databaseUrl: this.#postgres.url,
      tokenKey: this.#tokenKey,
      env: {
        GREENROOM_ALLOW_LOCAL_WEBHOOKS: 'true',
        // Sessions wait, because there is no worker.
        GREENROOM_JOIN_DEADLINE_SECONDS: '3600',
        NODE_OPTIONS: preloads.join(' '),
        ...env,
      },
    });
  }

  /** Kills a process. Resolves when it has ended. */
  async kill(index: number): Promise<void> {
    const child = this.#apis[index]?.child;
    if (child === undefined || hasExited(child)) return;
    const exited = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await exited;
  }

  /** Restarts the processes that have ended. Returns their indexes. */
  async restartEnded(): Promise<number[]> {
    const ended = [...this.#apis.keys()].filter((index) => {
      const child = this.#apis[index]?.child;
      return child === undefined || hasExited(child);
    });
    for (const index of ended) await this.restart(index);
    return ended;
  }

  /** Creates a session and ends it. Returns its id. */
  async endSession(): Promise<string> {
    const { id } = await this.client.sessions.create(await sessionCreate());
    await this.client.sessions.end(id);
    return id;
  }

  /** Appends events of the type `credits.low` in one statement. Returns their ids, in order. */
  async appendEvents(count: number): Promise<string[]> {
    const ids = Array.from({ length: count }, () => newId('evt'));
    await this.database.query(
      `WITH account AS (
         UPDATE accounts SET event_sequence = event_sequence + $1
          WHERE org_id = 'dev' AND mode = 'test' RETURNING event_sequence
       )
       INSERT INTO events (org_id, mode, id, sequence, type, data)
       SELECT 'dev', 'test', id, event_sequence - $1 + number, 'credits.low',
              '{"object": "credits", "balance": 1, "reserved": 0, "available": 1, "threshold": 5}'
         FROM account, unnest($2::text[]) WITH ORDINALITY AS event (id, number)`,
      [count, ids],
    );
    return ids;
  }

  /** Returns the sequence of the last event. */
  async lastSequence(): Promise<string> {
    const { rows } = await this.database.query<{ sequence: string }>(
      `SELECT event_sequence::text AS sequence FROM accounts WHERE org_id = 'dev' AND mode = 'test'`,
    );
    return rows[0]?.sequence ?? '0';
  }

  /** Returns the ids of the events of a type after a sequence, in order. */
  async eventIds(type: string, after: string): Promise<string[]> {
    const { rows } = await this.database.query<{ id: string }>(
      `SELECT id FROM events
        WHERE org_id = 'dev' AND mode = 'test' AND type = $1 AND sequence > $2::bigint ORDER BY sequence`,
      [type, after],
    );
    return rows.map(({ id }) => id);
  }

  /** Returns the memory of each running process, in MiB. */
  memoryMib(): number[] {
    return this.#apis
      .filter(({ child }) => !hasExited(child))
      .map(({ child }) => residentMib(child.pid ?? 0));
  }

  async stop(): Promise<void> {
    // Hanging attempts would delay the exit of the processes.
    await this.receiver.stop();
    await Promise.all(this.#apis.map(({ child }) => stopProcess(child)));
    await this.database.end();
    await this.#postgres.stop();
    await rm(this.#dir, { recursive: true, force: true });
  }

  async #send(request: Request): Promise<Response> {
    const { pathname, search } = new URL(request.url);
    const running = this.#apis.filter(({ child }) => !hasExited(child));
    const api = running[(this.#turn += 1) % running.length];
    const sent = new Request(`${api?.url ?? 'http://127.0.0.1:1'}${pathname}${search}`, request);
    sent.headers.set('Authorization', `Bearer ${this.#keys.test}`);
    return fetch(sent);
  }
}

function residentMib(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0) / MIB;
}
