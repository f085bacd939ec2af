import { lifecycle, type SessionStatus, type SessionStatusFilter } from '@greenroom/contract';

/** Returns the statuses that filters stand for. */
export function statusesOf(filters: readonly SessionStatusFilter[]): SessionStatus[] {
  return filters.flatMap((filter): readonly SessionStatus[] => {
    if (filter === 'active') return lifecycle.live;
    return filter === 'terminal' ? lifecycle.terminal : [filter];
  });
}
