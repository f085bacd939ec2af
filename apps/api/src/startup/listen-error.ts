import { once } from 'node:events';
import { createServer } from 'node:net';

import { baseUrl } from '../common/base-url.ts';
import { isGreenroomAt } from './running-server.ts';

const MAX_PORT = 65_535;

/**
 * Checks that a server can listen on a port.
 *
 * @throws with the reason and a remedy
 */
export async function requireFreePort(host: string, port: number): Promise<void> {
  const server = createServer();
  try {
    server.listen({ host, port, exclusive: true });
    await once(server, 'listening');
    server.close();
    await once(server, 'close');
  } catch (error) {
    throw await explainListenError(error, host, port);
  }
}

/** Explains to an operator why a server cannot listen. Returns other errors unchanged. */
export async function explainListenError(error: unknown, host: string, port: number): Promise<unknown> {
  switch (error instanceof Error && 'code' in error ? error.code : undefined) {
    case 'EADDRINUSE': {
      const holder = (await isGreenroomAt(baseUrl(host, port))) ? 'another Greenroom' : 'another program';
      const other = port < MAX_PORT ? port + 1 : port - 1;
      return new Error(`Port ${port} is in use by ${holder}. Stop it, or set PORT=${other}.`, {
        cause: error,
      });
    }
    case 'EACCES':
      return new Error(`This user may not listen on port ${port}. Set another, such as PORT=4000.`, {
        cause: error,
      });
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return new Error(`HOST=${host} is not an address of this machine.`, { cause: error });
    default:
      return error;
  }
}
