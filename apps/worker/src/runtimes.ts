import type { AvatarRuntimeOptions } from './avatar/avatar-runtime.ts';
import type { Runtime } from './runtime.ts';
import { simulator } from './simulator/simulator.ts';

/** Runtimes by name. Loaded lazily: LiveKit's native library is large. */
const runtimes = {
  simulator: async () => simulator,
  livekit: async (options) => (await import('./avatar/avatar-runtime.ts')).livekit(options),
} as const satisfies Record<string, (options: AvatarRuntimeOptions) => Promise<Runtime>>;

export type RuntimeName = keyof typeof runtimes;

export const RUNTIME_NAMES = Object.keys(runtimes);

export function isRuntimeName(name: string): name is RuntimeName {
  return Object.hasOwn(runtimes, name);
}

export function createRuntime(name: RuntimeName, options: AvatarRuntimeOptions): Promise<Runtime> {
  const create: (options: AvatarRuntimeOptions) => Promise<Runtime> = runtimes[name];
  return create(options);
}
