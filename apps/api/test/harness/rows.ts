import { randomBytes } from 'node:crypto';

import type { Database, Prisma } from '@greenroom/database';

import { lowestIdAt, newId, type IdPrefix } from '../../src/ids.ts';

/** An id of this millisecond; ids of one millisecond are in the order of their serials. */
export function idAt(prefix: IdPrefix, time: Date | string, serial = 0): string {
  return lowestIdAt(prefix, new Date(time)).slice(0, -16) + String(serial).padStart(16, '0');
}

export type SessionRow = Partial<Prisma.SessionUncheckedCreateInput>;

/** Puts sessions into the database that no request could make, such as old or running ones; answers their ids. */
export async function insertSessions({ prisma }: Database, rows: SessionRow[]): Promise<string[]> {
  const data = rows.map((row) => ({
    orgId: 'dev',
    mode: 'test' as const,
    id: newId('sess'),
    status: 'running' as const,
    avatarId: 'av_stock_001',
    quality: 'standard' as const,
    maxDurationSeconds: 60,
    idleTimeoutSeconds: 30,
    transportUrl: 'wss://rooms.example.com',
    roomName: 'lobby',
    workerIdentity: 'greenroom-worker',
    runtimeType: 'simulator',
    seatHash: new Uint8Array(randomBytes(32)),
    // What `failed` means on the wire.
    ...(row.status === 'failed' && { failureCode: 'worker.lost', failureMessage: 'The worker was lost.' }),
    ...row,
  }));
  await prisma.session.createMany({ data });
  return data.map(({ id }) => id);
}

/** Makes it so that a session is in another state, as if a worker had brought it there. */
export async function setStatus({ prisma }: Database, id: string, status: SessionRow['status'] & string) {
  await prisma.session.updateMany({ where: { id }, data: { status } });
}
