import type { PrismaClient } from './generated/prisma/client.ts';

const PLANS = [
  { id: 'free', name: 'Free', concurrentSessions: 1, maxSessionSeconds: 120 },
  { id: 'starter', name: 'Starter', concurrentSessions: 2, maxSessionSeconds: 600 },
  { id: 'launch', name: 'Launch', concurrentSessions: 10, maxSessionSeconds: 1200 },
  { id: 'scale', name: 'Scale', concurrentSessions: 50, maxSessionSeconds: 3600 },
] as const;

const STOCK_AVATARS = ['Ada', 'Bruno', 'Chiara', 'Dmitri', 'Esi', 'Farah'] as const;

/** The plans and the stock avatars: what every installation has. Rows that exist keep what an operator changed. */
export async function seedPlatform(prisma: PrismaClient): Promise<void> {
  await prisma.plan.createMany({
    data: PLANS.map((plan, position) => ({ ...plan, position })),
    skipDuplicates: true,
  });
  await prisma.avatar.createMany({
    data: STOCK_AVATARS.map((name, index) => ({
      orgId: 'platform',
      id: `av_stock_${String(index + 1).padStart(3, '0')}`,
      name,
      status: 'ready' as const,
      runtimeType: 'bringup',
      isDemo: index === 0,
    })),
    skipDuplicates: true,
  });
}

export interface OrgSeed {
  /** A slug. */
  id: string;
  name: string;
  planId: (typeof PLANS)[number]['id'];
  overrides?: {
    concurrentSessions?: number;
    maxSessionSeconds?: number;
    requestsPerSecond?: number;
    createsPerSecond?: number;
  };
  /** What each of its accounts starts with. */
  credits: number;
}

/** An organisation with an account for each mode. One that exists keeps its balances. */
export async function seedOrg(
  prisma: PrismaClient,
  { id, name, planId, overrides, credits }: OrgSeed,
): Promise<void> {
  await prisma.org.createMany({ data: [{ id, name, planId, ...overrides }], skipDuplicates: true });
  await prisma.account.createMany({
    data: (['test', 'live'] as const).map((mode) => ({ orgId: id, mode, creditsBalance: credits })),
    skipDuplicates: true,
  });
}
