import type { Database } from './database.ts';

const MODES = ['test', 'live'] as const;

const EXTRA_CREDIT_UNIT_MICROS = 10_000;

const PLANS = [
  {
    id: 'free',
    name: 'Free',
    concurrentSessions: 1,
    maxSessionSeconds: 120,
    monthlyPriceCents: 0,
    includedCredits: 50,
    customAvatarSlots: 1,
  },
  {
    id: 'starter',
    name: 'Starter',
    concurrentSessions: 2,
    maxSessionSeconds: 600,
    monthlyPriceCents: 2000,
    includedCredits: 500,
    customAvatarSlots: 5,
  },
  {
    id: 'launch',
    name: 'Launch',
    concurrentSessions: 10,
    maxSessionSeconds: 1200,
    monthlyPriceCents: 9999,
    includedCredits: 7500,
    customAvatarSlots: 20,
  },
  {
    id: 'scale',
    name: 'Scale',
    concurrentSessions: 50,
    maxSessionSeconds: 3600,
    monthlyPriceCents: 29999,
    includedCredits: 25000,
    customAvatarSlots: 100,
  },
] as const;

const STOCK_AVATARS = ['Ada', 'Bruno', 'Chiara', 'Dmitri', 'Esi', 'Farah'].map((name, index) => ({
  id: `av_stock_${String(index + 1).padStart(3, '0')}`,
  name,
  runtimeType: 'livekit',
}));

/** Inserts the plans and stock avatars. Existing rows keep an operator's changes. */
export async function ensurePlatform({ pool, prisma }: Database): Promise<void> {
  // Only the first start inserts rows, and this query is much faster than Prisma's first statement.
  const { rows } = await pool.query<{ missing: string }>(
    `SELECT $1 - (SELECT count(*) FROM plans WHERE id = ANY($2))
               - (SELECT count(*) FROM stock_avatars WHERE id = ANY($3)) AS missing`,
    [PLANS.length + STOCK_AVATARS.length, PLANS.map(({ id }) => id), STOCK_AVATARS.map(({ id }) => id)],
  );
  if (Number(rows[0]?.missing) === 0) return;
  await prisma.plan.createMany({
    data: PLANS.map((plan, position) => ({
      ...plan,
      extraCreditUnitMicros: EXTRA_CREDIT_UNIT_MICROS,
      position,
    })),
    skipDuplicates: true,
  });
  await prisma.stockAvatar.createMany({ data: STOCK_AVATARS, skipDuplicates: true });
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
  /** Initial balance of each account. */
  credits: number;
}

/**
 * Inserts an organisation with one account per mode. Existing accounts keep their balances. The initial balance takes the
 * place of the included credits of this month.
 */
export async function ensureOrg(
  { pool, prisma }: Database,
  { id, name, planId, overrides, credits }: OrgSeed,
): Promise<void> {
  const { rowCount } = await pool.query('SELECT FROM accounts WHERE org_id = $1', [id]);
  if (rowCount === MODES.length) return;
  const creditsMonth = await currentMonth({ pool });
  await prisma.org.createMany({
    data: [{ id, name, planId, ...overrides, creditsMonth }],
    skipDuplicates: true,
  });
  await Promise.all(MODES.map((mode) => pool.query(INSERT_ACCOUNT, [id, mode, credits, OPENING_ENTRY])));
}

/** Returns the first day of the month by the database's clock, in UTC. */
async function currentMonth({ pool }: Pick<Database, 'pool'>): Promise<Date> {
  const { rows } = await pool.query<{ day: string }>(
    `SELECT to_char(now() AT TIME ZONE 'UTC', 'YYYY-MM-01') AS day`,
  );
  return new Date(rows[0]?.day ?? '');
}

/** The lowest id, so that an account has one opening entry, which is its first. */
const OPENING_ENTRY = 'crd_00000000000000000000000000';

/** Inserts an account, and an entry for its balance unless it is 0. An existing account stays as it is. */
const INSERT_ACCOUNT = `
  WITH account AS (
    INSERT INTO accounts (org_id, mode, credits_balance) VALUES ($1, $2, $3::numeric)
    ON CONFLICT DO NOTHING RETURNING org_id, credits_balance
  )
  INSERT INTO credit_entries (org_id, mode, id, kind, credits, reason, at)
  SELECT $1, $2, $4, 'adjustment', credits_balance, 'Opening balance', now()
    FROM account WHERE org_id = $1 AND credits_balance <> 0`;
