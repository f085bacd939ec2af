/**
 * The lower bound: the cost of Node and PostgreSQL alone. Sends the recorded statements of our server as named prepared
 * statements, and its recorded response, with `node:http` and without a framework, authentication or validation.
 */
import { createServer, type IncomingMessage } from 'node:http';

import { page } from '@greenroom/api/http/paging';
import { sessionResource, type SessionRecord } from '@greenroom/api/sessions/session-record';
import { openPool } from '@greenroom/database';

import { Replay, type Replayed } from '../replay.ts';
import { LIMIT, POOL_SIZE } from '../scenario.ts';
import { readSetup } from './server-setup.ts';

const { port, databaseUrl, recording, orgs } = await readSetup();
const { pool } = openPool(databaseUrl, {
  poolSize: POOL_SIZE,
  applicationName: 'bench-floor',
  pipeline: true,
});
const replay = new Replay(recording, pool, orgs);
const { request: recorded, status, response: recordedResponse } = recording.first;

/** Returns the response: the rows of a read as the server converts them, or the recorded response of a write. */
function responseOf(replayed: Replayed): unknown {
  if (recorded.method === 'POST') return replay.responseOf(replayed);
  const sessions = replayed.rows as SessionRecord[];
  const [session] = sessions;
  if (isList(recordedResponse)) return page(sessions, LIMIT, sessionResource);
  if (session === undefined) throw new Error('The session does not exist.');
  return sessionResource(session);
}

function isList(response: unknown): boolean {
  return typeof response === 'object' && response !== null && 'has_more' in response;
}

async function handle(request: IncomingMessage): Promise<string> {
  const key = request.headers.authorization?.slice('Bearer '.length) ?? '';
  const body = recorded.body === undefined ? undefined : ((await jsonOf(request)) as object);
  return JSON.stringify(
    responseOf(await replay.run({ path: request.url ?? '', key, ...(body !== undefined && { body }) })),
  );
}

function jsonOf(request: IncomingMessage): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      resolve(JSON.parse(Buffer.concat(chunks).toString()));
    });
    request.on('error', reject);
  });
}

const server = createServer((request, response) => {
  if (request.url === '/readyz') {
    response.end();
    return;
  }
  handle(request).then(
    (body) => {
      response.writeHead(status, {
        'Content-Type': 'application/json; charset=utf-8',
        'Content-Length': Buffer.byteLength(body),
      });
      response.end(body);
    },
    (error: unknown) => {
      console.error(error);
      response.writeHead(500).end();
    },
  );
});
server.listen(port, '127.0.0.1');
