import type { Schemas } from '@greenroom/client';

import { clockText } from '../../components/relative-time.tsx';
import { isLive } from '../../session/session-times.ts';

/** The status of a session from one event to the next. */
export interface Phase {
  readonly event: Schemas['SessionEvent'];
  /** Its length in milliseconds; null for a terminal status, which has none. */
  readonly lengthMs: number | null;
  /** Whether it is still in progress. */
  readonly isOpen: boolean;
}

/** Returns the phases of a session, in the order of its events. The last one lasts until `nowMs`. */
export function phasesOf(events: readonly Schemas['SessionEvent'][], nowMs: number): Phase[] {
  return events.map((event, index) => {
    const next = events[index + 1];
    const isOpen = next === undefined && isLive({ status: event.to });
    const endMs = next === undefined ? nowMs : Date.parse(next.created_at);
    const hasLength = next !== undefined || isOpen;
    const lengthMs = hasLength ? Math.max(0, endMs - Date.parse(event.created_at)) : null;
    return { event, lengthMs, isOpen };
  });
}

/** Formats a length in milliseconds as `340 ms`, `4.2 s` or `1:05`. */
export function lengthText(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  return ms < 60_000 ? `${(ms / 1_000).toFixed(1)} s` : clockText(ms / 1_000);
}
