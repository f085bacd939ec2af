/**
 * A typical implementation for comparison: Fastify with a serializer for the document's response schema, and Prisma's
 * `findMany`. Without authentication or validation.
 */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';

import { page } from '@greenroom/api/http/paging';
import { sessionResource } from '@greenroom/api/sessions/session-record';
import { operationPaths } from '@greenroom/contract';
import { openDatabase } from '@greenroom/database';
import { fastify } from 'fastify';

import { CONNECTIONS, LIMIT, serverEnvironment, TENANT } from './scenario.ts';

interface Document {
  components: { schemas: Record<string, unknown> };
}

const { port, databaseUrl } = serverEnvironment();
const { prisma } = openDatabase(databaseUrl, { poolSize: CONNECTIONS, applicationName: 'bench-fastify' });
const bundle = createRequire(import.meta.url).resolve('@greenroom/contract/openapi.json');
const { schemas } = (JSON.parse(await readFile(bundle, 'utf8')) as Document).components;

const server = fastify({ logger: false });
server.addSchema({ $id: 'document', components: { schemas } });
server.get(
  operationPaths['sessions.list'],
  { schema: { response: { 200: { $ref: 'document#/components/schemas/SessionList' } } } },
  async () => {
    const rows = await prisma.session.findMany({
      where: { ...TENANT, id: { gte: 'sess_', lt: 'sess_~' } },
      omit: {
        participantSlotHash: true,
        workerTokenHash: true,
        workerTokenEncrypted: true,
        mediaMs: true,
        billedSeconds: true,
        billedCredits: true,
        creditsReserved: true,
        runtimeType: true,
        workerId: true,
        fence: true,
        assignedAt: true,
        leaseUntil: true,
        requeues: true,
        transitions: true,
        deadlineAt: true,
      },
      orderBy: { id: 'desc' },
      take: LIMIT + 1,
    });
    return page(rows, LIMIT, sessionResource);
  },
);
await server.listen({ port, host: '127.0.0.1' });
