/**
 * A typical implementation for comparison: Fastify with a serializer for the document's response schema, and Prisma. It
 * reads and writes the same rows as our server, in one transaction, without authentication, validation or idempotency.
 */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';

import { newId } from '@greenroom/api/common/ids';
import { page } from '@greenroom/api/http/paging';
import { sessionResource, type SessionRecord } from '@greenroom/api/sessions/session-record';
import { operationPaths, type components } from '@greenroom/contract';
import { openDatabase } from '@greenroom/database';
import { fastify, type FastifyRequest } from 'fastify';

import { LIMIT, POOL_SIZE } from '../scenario.ts';
import { readSetup } from './server-setup.ts';

interface Document {
  components: { schemas: Record<string, unknown> };
}
type SessionCreate = components['schemas']['SessionCreate'] & {
  transport: components['schemas']['LiveKitTransportCreate'];
};
type Report = components['schemas']['AssignmentReport'];

const LIVE = ['created', 'queued', 'starting', 'running', 'ending'] as const;
const LEASE_SECONDS = 3600;
const DAY_MS = 24 * 60 * 60 * 1000;

/** The columns that no response contains. */
const INTERNAL = {
  participantSlotHash: true,
  workerTokenHash: true,
  actsFor: true,
  replacedTokenHashes: true,
  transitions: true,
  finalFence: true,
} as const;

const { port, databaseUrl, orgs } = await readSetup();
const { prisma } = openDatabase(databaseUrl, { poolSize: POOL_SIZE, applicationName: 'bench-peer' });
const bundle = createRequire(import.meta.url).resolve('@greenroom/contract/openapi.json');
const { schemas } = (JSON.parse(await readFile(bundle, 'utf8')) as Document).components;

const server = fastify({ logger: false });
server.addSchema({ $id: 'document', components: { schemas } });

const responds = (status: number, schema: string) => ({
  schema: { response: { [status]: { $ref: `document#/components/schemas/${schema}` } } },
});
const route = (path: string): string => path.replaceAll(/\{(\w+)\}/g, ':$1');

function tenantOf(request: FastifyRequest) {
  const orgId = orgs.get(request.headers.authorization?.slice('Bearer '.length) ?? '') ?? '';
  return { orgId, mode: 'live' as const };
}

server.get('/readyz', () => ({}));

server.get(operationPaths['sessions.list'], responds(200, 'SessionList'), async (request) => {
  const rows = await prisma.session.findMany({
    where: tenantOf(request),
    omit: INTERNAL,
    orderBy: { id: 'desc' },
    take: LIMIT + 1,
  });
  return page(rows, LIMIT, resourceOf);
});

server.get<{ Params: { session_id: string } }>(
  route(operationPaths['sessions.get']),
  responds(200, 'Session'),
  async (request, reply) => {
    const session = await prisma.session.findUnique({
      where: { orgId_mode_id: { ...tenantOf(request), id: request.params.session_id } },
      omit: INTERNAL,
    });
    return session === null ? reply.code(404).send() : resourceOf(session);
  },
);

server.post<{ Body: SessionCreate }>(
  operationPaths['sessions.create'],
  responds(201, 'Session'),
  async (request, reply) => {
    const { body } = request;
    const { transport } = body;
    const tenant = tenantOf(request);
    const session = await prisma.$transaction(async (tx) => {
      const account = await tx.account.findUniqueOrThrow({
        where: { orgId_mode: tenant },
        include: { org: { include: { plan: true } } },
      });
      const avatar = await tx.stockAvatar.findFirstOrThrow({
        where: { id: body.avatar_id },
      });
      const { org } = account;
      const workerIdentity = transport.worker_identity ?? 'greenroom-worker';
      const participantSlotHash = sha256([transport.url, transport.room_name, workerIdentity].join('\0'));
      const holder = await tx.session.findFirst({
        where: { ...tenant, participantSlotHash, status: { in: [...LIVE] } },
        select: { id: true },
      });
      const maxDurationSeconds = org.maxSessionSeconds ?? org.plan.maxSessionSeconds;
      const credits = Math.ceil(maxDurationSeconds / 60);
      const isFull = account.activeSessions >= (org.concurrentSessions ?? org.plan.concurrentSessions);
      if (holder !== null || isFull || account.creditsBalance.lt(credits)) return null;
      await tx.account.update({
        where: { orgId_mode: tenant },
        data: { activeSessions: { increment: 1 }, creditsReserved: { increment: credits } },
      });
      const created = await tx.session.create({
        data: {
          ...tenant,
          id: newId('sess'),
          status: 'queued',
          avatarId: avatar.id,
          quality: body.quality ?? 'standard',
          maxDurationSeconds,
          idleTimeoutSeconds: body.idle_timeout_seconds ?? 30,
          metadata: body.metadata ?? {},
          transportUrl: transport.url,
          roomName: transport.room_name,
          workerIdentity,
          participantSlotHash,
          workerTokenHash: sha256(transport.worker_token),
          transitions: 1,
        },
      });
      await tx.assignment.create({
        data: {
          ...tenant,
          id: created.id,
          status: created.status,
          avatarId: created.avatarId,
          quality: created.quality,
          runtimeType: avatar.runtimeType,
          maxDurationSeconds,
          // As long as ours, which is encrypted.
          workerTokenEncrypted: new Uint8Array(Buffer.from(transport.worker_token.padEnd(32))),
          workerTokenExpiresAt: new Date(Date.now() + DAY_MS),
          creditsReserved: credits,
          deadlineAt: new Date(Date.now() + DAY_MS),
        },
      });
      await tx.sessionEvent.create({ data: eventOf(created, 0, 'created', 'queued') });
      return created;
    });
    return session === null ? reply.code(409).send() : reply.code(201).send(resourceOf(session));
  },
);

server.post<{ Params: { session_id: string } }>(
  route(operationPaths['sessions.end']),
  responds(200, 'Session'),
  async (request, reply) => {
    const tenant = tenantOf(request);
    const key = { orgId_mode_id: { ...tenant, id: request.params.session_id } };
    const ended = await prisma.$transaction(async (tx) => {
      const session = await tx.session.findUnique({ where: key });
      if (session?.status !== 'queued') return null;
      const { creditsReserved, fence } = await tx.assignment.delete({ where: { id: session.id } });
      await tx.account.update({
        where: { orgId_mode: tenant },
        data: { activeSessions: { decrement: 1 }, creditsReserved: { decrement: creditsReserved } },
      });
      await tx.sessionEvent.create({ data: eventOf(session, session.transitions, 'queued', 'canceled') });
      return tx.session.update({
        where: key,
        data: {
          status: 'canceled',
          endedAt: new Date(),
          transitions: { increment: 1 },
          finalFence: fence + 1,
          workerTokenHash: null,
        },
      });
    });
    return ended === null ? reply.code(409).send() : resourceOf(ended);
  },
);

server.post<{ Params: { session_id: string }; Body: Report }>(
  route(operationPaths['assignments.report']),
  responds(200, 'AssignmentDirective'),
  async ({ params, body }, reply) => {
    const { count } = await prisma.assignment.updateMany({
      where: { id: params.session_id, fence: body.fence, status: 'running' },
      data: {
        frames: body.frames,
        mediaMs: body.media_ms,
        leaseUntil: new Date(Date.now() + LEASE_SECONDS * 1000),
      },
    });
    return count === 0 ? reply.code(409).send() : { directive: 'continue', lease_seconds: LEASE_SECONDS };
  },
);

/** A session as Prisma reads it: checked columns are plain strings. */
type Row = {
  [Field in keyof SessionRecord]: SessionRecord[Field] extends string ? string : SessionRecord[Field];
};

function resourceOf(row: Row) {
  return sessionResource(row as SessionRecord);
}

function eventOf(
  { orgId, mode, id: sessionId }: { orgId: string; mode: string; id: string },
  sequence: number,
  from: 'created' | 'queued',
  to: 'queued' | 'canceled',
) {
  const actor = 'customer' as const;
  return { orgId, mode, sessionId, sequence, id: newId('evt'), from, to, actor, reason: `session.${to}` };
}

function sha256(text: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(createHash('sha256').update(text).digest());
}

await server.listen({ port, host: '127.0.0.1' });
