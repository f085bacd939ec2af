import type { Database } from '@greenroom/database';

export async function orgExists({ prisma }: Database, id: string): Promise<boolean> {
  return (await prisma.org.count({ where: { id } })) > 0;
}
