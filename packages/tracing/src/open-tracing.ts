import type { TracingConfig, TracingProblem } from './environment.ts';
import type { Tracing, TracingLog } from './tracing.ts';

/** The program in the attributes of each trace. */
export interface Program {
  /** Used without `OTEL_SERVICE_NAME`. */
  name: string;
  version: string;
}

/**
 * Loads OpenTelemetry and starts exporting. Without a configuration, returns null and loads nothing; logs the problem
 * with an invalid one.
 */
export async function openTracing(
  config: TracingConfig | TracingProblem | null,
  program: Program,
  log: TracingLog,
): Promise<Tracing | null> {
  if (config === null) return null;
  if ('problem' in config) {
    log.warn({ reason: config.problem }, 'tracing is disabled');
    return null;
  }
  const { OpenTelemetry } = await import('./open-telemetry.ts');
  return OpenTelemetry.open(config, program, log);
}
