import type { Database } from '@greenroom/database';

import type { DispatchConfig } from '../common/config.ts';
import type { Handlers } from '../contract/handlers.ts';
import { portraitFor } from './portrait-service.ts';
import type { ReportService } from './report-service.ts';

export function assignmentHandlers(
  database: Database,
  reports: ReportService,
  { leaseSeconds }: DispatchConfig,
): Handlers['assignments'] {
  return {
    async report({ identity, path, body, signal, withoutCapacity }) {
      const reporter = { workerKeyId: identity.keyId, sessionId: path.session_id };
      const directive = await reports.report(reporter, body, {
        waitSeconds: body.wait_seconds,
        signal,
        withoutCapacity,
      });
      return { status: 200, body: { directive, lease_seconds: leaseSeconds } };
    },

    async portrait({ identity, path, query }) {
      const reporter = { workerKeyId: identity.keyId, sessionId: path.session_id };
      return { status: 200, body: await portraitFor(database, reporter, query.fence) };
    },
  };
}
