import { keyModeValues, lifecycle, type KeyMode } from '@greenroom/contract';
import type { Database } from '@greenroom/database';
import { Gauge, type Registry } from 'prom-client';

import { currentTimeMs } from '../common/clock.ts';
import { createdAt } from '../common/ids.ts';
import { cached } from './cached.ts';
import { sumUpSessions, type SessionTotals } from './session-totals-repository.ts';

/** Scrapes within this time share one query. */
const MAX_AGE_MS = 2_000;

/**
 * Registers the gauges of live sessions, which are read from the database at a scrape. While it cannot be read, they have
 * no values and `greenroom_database_up` is 0.
 */
export function registerSessionGauges(registry: Registry, database: Database): void {
  const totals = cached(() => sumUpSessions(database), MAX_AGE_MS);

  /** Registers a gauge of every mode, which has no values without totals. */
  const gaugeOfModes = (
    name: string,
    help: string,
    set: (gauge: Gauge, mode: KeyMode, rows: readonly SessionTotals[]) => void,
    labelNames: readonly string[] = [],
  ) =>
    new Gauge({
      ...{ name, help, registers: [registry] },
      labelNames: ['mode', ...labelNames],
      async collect() {
        const current = await totals();
        this.reset();
        if (current === null) return;
        for (const mode of keyModeValues) {
          const rows = current.filter((row) => row.mode === mode);
          set(this, mode, rows);
        }
      },
    });

  new Gauge({
    name: 'greenroom_database_up',
    help: 'Whether the live sessions could be read from the database (1) or not (0).',
    registers: [registry],
    async collect() {
      this.set((await totals()) === null ? 0 : 1);
    },
  });
  gaugeOfModes(
    'greenroom_sessions',
    'Live sessions by mode and status, in the whole database.',
    (gauge, mode, rows) => {
      for (const status of lifecycle.live) {
        gauge.set({ mode, status }, rows.find((row) => row.status === status)?.sessions ?? 0);
      }
    },
    ['status'],
  );
  gaugeOfModes(
    'greenroom_queue_sessions',
    'Queued sessions that no worker has claimed, in the whole database.',
    (gauge, mode, rows) => gauge.set({ mode }, queued(rows)?.unclaimed ?? 0),
  );
  gaugeOfModes(
    'greenroom_queue_oldest_age_seconds',
    'Time since the oldest queued session that no worker has claimed was created; 0 without one.',
    (gauge, mode, rows) => gauge.set({ mode }, ageSeconds(queued(rows)?.oldestUnclaimedId ?? null)),
  );
  gaugeOfModes(
    'greenroom_credits_reserved',
    'Credits that live sessions have reserved, in the whole database.',
    (gauge, mode, rows) =>
      gauge.set(
        { mode },
        rows.reduce((sum, { creditsReserved }) => sum + creditsReserved, 0),
      ),
  );
}

function queued(rows: readonly SessionTotals[]): SessionTotals | undefined {
  return rows.find(({ status }) => status === 'queued');
}

function ageSeconds(id: string | null): number {
  return id === null ? 0 : Math.max(0, currentTimeMs() - createdAt(id).getTime()) / 1000;
}
