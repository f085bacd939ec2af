import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { TLSSocket } from 'node:tls';

import type { Certificate } from './self-signed.ts';

/** The request to encrypt a connection, which a PostgreSQL client sends first. */
const SSL_REQUEST = Buffer.from('0000000804d2162f', 'hex');

/** A PostgreSQL server that accepts only encrypted connections from clients. */
export interface TlsPostgres {
  /** The database's URL, with the host `localhost`. */
  url: string;
  /** How many connections were encrypted. */
  readonly encrypted: number;
  /** How many clients wanted a connection without encryption. */
  readonly plain: number;
  close(): void;
}

/** Encrypts connections to a database with a certificate. */
export async function startTlsPostgres(databaseUrl: string, certificate: Certificate): Promise<TlsPostgres> {
  const url = new URL(databaseUrl);
  const [host, targetPort] = [url.hostname, Number(url.port)];
  const sockets = new Set<Socket>();
  let encrypted = 0;
  let plain = 0;
  const server = createServer((client) => {
    sockets.add(client);
    client.on('close', () => sockets.delete(client)).on('error', () => client.destroy());
    client.once('data', (request) => {
      if (!request.equals(SSL_REQUEST)) {
        plain += 1;
        client.destroy();
        return;
      }
      client.write('S');
      const secure = new TLSSocket(client, { isServer: true, ...certificate });
      const upstream = connect({ host, port: targetPort });
      secure.on('secure', () => (encrypted += 1));
      secure.pipe(upstream).pipe(secure);
      const drop = () => {
        client.destroy();
        upstream.destroy();
      };
      for (const socket of [secure, upstream]) socket.on('error', drop).on('close', drop);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  url.hostname = 'localhost';
  url.port = String((server.address() as AddressInfo).port);
  return {
    url: url.href,
    get encrypted() {
      return encrypted;
    },
    get plain() {
      return plain;
    },
    close() {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}
