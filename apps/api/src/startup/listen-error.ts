import { once } from 'node:events';
import { createServer } from 'node:net';

import { baseUrl } from '../common/base-url.ts';
import type { Config } from '../common/config.ts';
import { isGreenroomAt } from './running-server.ts';

const MAX_PORT = 65_535;

/** The variables that set an address, and a port to suggest. */
interface Variables {
  host: string;
  port: string;
  example: number;
}

const API_VARIABLES = { host: 'HOST', port: 'PORT', example: 4000 };
const METRICS_VARIABLES = { host: 'METRICS_HOST', port: 'METRICS_PORT', example: 9464 };

type Addresses = Pick<Config, 'host' | 'port' | 'metrics'>;

/**
 * Checks that the processes can listen on their ports: all of them on one for the API, and each on one for its metrics.
 *
 * @throws with the reason and a remedy
 */
export async function requireFreePorts({ host, port, metrics }: Addresses, processes: number): Promise<void> {
  await requireFreePort(host, port, API_VARIABLES);
  if (metrics === null) return;
  const last = metrics.port + processes - 1;
  if (last > MAX_PORT || (metrics.port <= port && port <= last)) {
    throw new Error(
      `METRICS_PORT=${metrics.port} would use the ports to ${last}, one for each process. They must not include PORT=${port}, nor exceed ${MAX_PORT}.`,
    );
  }
  for (let own = metrics.port; own <= last; own += 1) {
    await requireFreePort(metrics.host, own, METRICS_VARIABLES);
  }
}

async function requireFreePort(host: string, port: number, variables: Variables): Promise<void> {
  const server = createServer();
  try {
    server.listen({ host, port, exclusive: true });
    await once(server, 'listening');
    server.close();
    await once(server, 'close');
  } catch (error) {
    throw await explain(error, host, port, variables);
  }
}

/** Explains to an operator why a server cannot listen. Returns other errors unchanged. */
export async function explainListenError(
  error: unknown,
  { host, port, metrics }: Addresses,
): Promise<unknown> {
  if (metrics !== null && error instanceof Error && 'port' in error && error.port === metrics.port) {
    return explain(error, metrics.host, metrics.port, METRICS_VARIABLES);
  }
  return explain(error, host, port, API_VARIABLES);
}

async function explain(error: unknown, host: string, port: number, variables: Variables): Promise<unknown> {
  switch (error instanceof Error && 'code' in error ? error.code : undefined) {
    case 'EADDRINUSE': {
      const holder = (await isGreenroomAt(baseUrl(host, port))) ? 'another Greenroom' : 'another program';
      const other = port < MAX_PORT ? port + 1 : port - 1;
      return new Error(`Port ${port} is in use by ${holder}. Stop it, or set ${variables.port}=${other}.`, {
        cause: error,
      });
    }
    case 'EACCES':
      return new Error(
        `This user may not listen on port ${port}. Set another, such as ${variables.port}=${variables.example}.`,
        { cause: error },
      );
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return new Error(`${variables.host}=${host} is not an address of this machine.`, { cause: error });
    default:
      return error;
  }
}
