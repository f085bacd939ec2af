import type { AvatarScope } from '@greenroom/contract';
import type { Avatar, Database, Transaction } from '@greenroom/database';

/** The owner of the stock avatars, which every organisation may use. */
export const PLATFORM = 'platform';

/** An avatar that the organisation may see: its own or the platform's. */
export function findAvatar(
  client: Pick<Transaction, 'avatar'>,
  orgId: string,
  id: string,
): Promise<Avatar | null> {
  return client.avatar.findFirst({ where: { orgId: { in: [orgId, PLATFORM] }, id } });
}

/** Avatars in the order of their ids, which for stock avatars is that of the catalogue. */
export function listAvatars(
  { prisma }: Database,
  orgId: string,
  filter: { scope: AvatarScope | undefined; q: string | undefined; after: string | undefined; take: number },
): Promise<Avatar[]> {
  const owners = { platform: [PLATFORM], org: [orgId] };
  const { scope, q, after, take } = filter;
  return prisma.avatar.findMany({
    where: {
      orgId: { in: scope === undefined ? [orgId, PLATFORM] : owners[scope] },
      ...(q !== undefined && { name: { contains: q, mode: 'insensitive' } }),
      ...(after !== undefined && { id: { gt: after } }),
    },
    orderBy: { id: 'asc' },
    take,
  });
}
