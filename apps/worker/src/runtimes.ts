import type { Runtime } from './runtime.ts';
import { simulator } from './simulator/simulator.ts';

export interface RuntimeOptions {
  /** Whether to join LiveKit servers on private addresses. */
  allowPrivateAddresses: boolean;
}

/** Runtimes by name. Loaded lazily: LiveKit's native library is large. */
const runtimes = {
  simulator: async () => simulator,
  livekit: async (options) => (await import('./avatar/avatar-runtime.ts')).livekit(options),
} as const satisfies Record<string, (options: RuntimeOptions) => Promise<Runtime>>;

export type RuntimeName = keyof typeof runtimes;

export const RUNTIME_NAMES = Object.keys(runtimes);

export function isRuntimeName(name: string): name is RuntimeName {
  return Object.hasOwn(runtimes, name);
}

export function createRuntime(name: RuntimeName, options: RuntimeOptions): Promise<Runtime> {
  const create: (options: RuntimeOptions) => Promise<Runtime> = runtimes[name];
  return create(options);
}
