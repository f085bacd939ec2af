/** The start of a typical implementation: Fastify and one query of Prisma. */
import { openDatabase } from '@greenroom/database';
import { fastify } from 'fastify';

const { prisma } = openDatabase(process.env['DATABASE_URL'] ?? '', {
  poolSize: 1,
  applicationName: 'bench-peer',
});

const server = fastify({ logger: false });
server.get('/readyz', () => prisma.plan.count());
await server.listen({ port: Number(process.env['PORT']), host: '127.0.0.1' });
