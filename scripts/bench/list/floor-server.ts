/**
 * The lower bound: the cost of Node and PostgreSQL alone. Uses the server's SQL and resource behind `node:http`, without
 * a framework, authentication or validation.
 */
import { createServer } from 'node:http';

import { page } from '@greenroom/api/http/paging';
import { listSessions } from '@greenroom/api/sessions/session-list-repository';
import { sessionResource } from '@greenroom/api/sessions/session-record';
import { openDatabase } from '@greenroom/database';

import { CONNECTIONS, LIMIT, serverEnvironment, TENANT } from './scenario.ts';

const { port, databaseUrl } = serverEnvironment();
const database = openDatabase(databaseUrl, { poolSize: CONNECTIONS, applicationName: 'bench-floor' });

async function newestPage(): Promise<string> {
  const everything = { statuses: null, avatarId: null, from: 'sess_', before: 'sess_~' };
  const rows = await listSessions(database, TENANT, { ...everything, take: LIMIT + 1 });
  return JSON.stringify(page(rows, LIMIT, sessionResource));
}

const server = createServer((_request, response) => {
  newestPage().then(
    (body) => {
      response.writeHead(200, {
        'Content-Type': 'application/json; charset=utf-8',
        'Content-Length': Buffer.byteLength(body),
      });
      response.end(body);
    },
    (error: unknown) => {
      response.writeHead(500).end(String(error));
    },
  );
});
server.listen(port, '127.0.0.1');
