import pg from 'pg';

import { distribute } from '../distribution/distribute.ts';
import type { TestServerEnvironment } from './environment.ts';
import { query } from './query.ts';

const OBJECT_IN_USE = '55006';
const DROP_ATTEMPTS = 5;

type Nodes = Pick<TestServerEnvironment, 'url' | 'workers'>;

/** Returns the connection strings of the worker nodes of a Citus coordinator; none for a server without Citus. */
export async function findWorkers(url: string): Promise<string[]> {
  const [extension] = await query(url, `SELECT FROM pg_extension WHERE extname = 'citus'`);
  if (extension === undefined) return [];
  const nodes = await query<{ host: string; port: number }>(
    url,
    'SELECT nodename AS host, nodeport AS port FROM pg_dist_node WHERE groupid > 0 ORDER BY 1, 2',
  );
  return nodes.map(({ host, port }) => {
    const worker = new URL(url);
    worker.hostname = host;
    worker.port = String(port);
    return worker.href;
  });
}

/** Runs a statement on the server, or on every node of its cluster. */
export async function onEveryNode({ url, workers }: Nodes, sql: string): Promise<void> {
  await Promise.all([url, ...workers].map((node) => query(node, sql)));
}

/** Drops a database and closes its open connections. */
export async function dropDatabase({ url, workers }: Nodes, name: string): Promise<void> {
  // First, because the coordinator connects to the workers.
  await dropOn(url, name);
  await Promise.all(workers.map((worker) => dropOn(worker, name)));
}

async function dropOn(node: string, name: string): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await query(node, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
      return;
    } catch (error) {
      // Citus' daemon of a new database ignores the request to stop until it has started.
      const isInUse = error instanceof pg.DatabaseError && error.code === OBJECT_IN_USE;
      if (!isInUse || attempt === DROP_ATTEMPTS) throw error;
    }
  }
}

/**
 * Makes the template databases of all nodes a Citus cluster, like that of `TEST_DATABASE_URL`, and distributes the
 * tables.
 */
export async function distributeTemplate(server: TestServerEnvironment): Promise<void> {
  const { url, workers, template } = server;
  const templates = [url, ...workers].map((node) => databaseUrl(node, template));
  const [coordinator = ''] = templates;
  await Promise.all(templates.map((node) => query(node, 'CREATE EXTENSION citus')));
  await query(coordinator, 'SELECT citus_set_coordinator_host($1, $2::int)', address(coordinator));
  for (const worker of workers) {
    await query(coordinator, 'SELECT citus_add_node($1, $2::int)', address(worker));
  }
  await distribute(coordinator);
  // A database with connections, such as those of Citus' daemon, cannot be copied. The copies have the same tables, nodes
  // and shards: Citus finds a shard by its name, in the database of the same name on the node.
  await onEveryNode(server, `ALTER DATABASE ${template} ALLOW_CONNECTIONS false`);
  await onEveryNode(
    server,
    `SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE datname = '${template}'`,
  );
}

function address(url: string): [string, string] {
  const { hostname, port } = new URL(url);
  return [hostname, port === '' ? '5432' : port];
}

/** Returns the connection string of another database on the same server. */
export function databaseUrl(serverUrl: string, database: string): string {
  const url = new URL(serverUrl);
  url.pathname = `/${database}`;
  return url.href;
}
