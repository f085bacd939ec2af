import type { Database } from '@greenroom/database';

/** Counts the rows of each table, which a rejected request must not change. */
export async function storedRows({ prisma }: Database): Promise<Record<string, number>> {
  const [sessions, events, idempotencyRecords, apiKeys, avatars, portraits] = await Promise.all([
    prisma.session.count(),
    prisma.sessionEvent.count(),
    prisma.idempotencyRecord.count(),
    prisma.apiKey.count(),
    prisma.avatar.count(),
    prisma.avatarPortrait.count(),
  ]);
  return { sessions, events, idempotencyRecords, apiKeys, avatars, portraits };
}
