import { randomBytes } from 'node:crypto';

import { lifecycle } from '@greenroom/contract';
import type { Database, Prisma } from '@greenroom/database';

import { lowestIdAt, newId, type IdPrefix } from '../../src/common/ids.ts';

/** Returns an id for a millisecond. Ids of one millisecond are in the order of their serials. */
export function idAt(prefix: IdPrefix, time: Date | string, serial = 0): string {
  return lowestIdAt(prefix, new Date(time)).slice(0, -16) + String(serial).padStart(16, '0');
}

const HOUR_MS = 3_600_000;

export type SessionRow = Partial<Prisma.SessionUncheckedCreateInput>;

/** Returns the fields that a worker has set by the time of a status. */
function performance(status: SessionRow['status']): SessionRow {
  const now = new Date();
  if (status === 'starting') return { startedAt: now };
  if (status === 'running' || status === 'ending') return { startedAt: now, firstFrameAt: now };
  const over = { finalFence: 1, startedAt: now, firstFrameAt: now };
  if (status === 'ended') return { ...over, endedAt: now };
  if (status === 'canceled') return { endedAt: now };
  if (status !== 'failed') return {};
  return { ...over, failedAt: now, failureCode: 'worker.lost', failureMessage: 'The worker was lost.' };
}

/** Inserts sessions that no request could create, such as old ones. Returns their ids. */
export async function insertSessions({ prisma }: Database, rows: SessionRow[]): Promise<string[]> {
  const sessions = rows.map((row) => ({
    orgId: 'dev',
    mode: 'test' as const,
    id: newId('sess'),
    status: 'ended' as const,
    avatarId: 'av_stock_001',
    quality: 'standard' as const,
    maxDurationSeconds: 60,
    idleTimeoutSeconds: 30,
    transportUrl: 'wss://rooms.example.com',
    roomName: 'lobby',
    workerIdentity: 'greenroom-worker',
    participantSlotHash: new Uint8Array(randomBytes(32)),
    ...performance(row.status ?? 'ended'),
    ...row,
  }));
  await prisma.session.createMany({ data: sessions });
  const live = sessions.filter(({ status }) => !isTerminal(status));
  await prisma.assignment.createMany({ data: live.map(assignmentOf) });
  return sessions.map(({ id }) => id);
}

function isTerminal(status: string): boolean {
  return lifecycle.terminal.some((terminal) => terminal === status);
}

function assignmentOf(session: Prisma.SessionUncheckedCreateInput): Prisma.AssignmentUncheckedCreateInput {
  const { orgId, mode, id, status, avatarId, quality, maxDurationSeconds, startedAt, firstFrameAt } = session;
  const holder = {
    workerId: 'wkr_01KKGA2SR0ZV1RH0M05W6V8297',
    ...{ fence: 1, assignedAt: startedAt, leaseUntil: new Date(Date.now() + HOUR_MS) },
  };
  return {
    ...{ orgId, mode, id, status, avatarId, quality, maxDurationSeconds },
    ...(startedAt && { startedAt, ...holder }),
    ...(firstFrameAt && { firstFrameAt }),
    frames: session.frames ?? 0,
    mediaMs: (session.billableSeconds ?? 0) * 1000,
    runtimeType: 'simulator',
    workerTokenEncrypted: new Uint8Array(),
  };
}
