import { qualityValues } from '@greenroom/contract';

import type { Runtime } from '../runtime.ts';
import { ProcessPerformance } from './process-performance.ts';

/** The bring-up runtime: a drawn avatar in the customer's LiveKit room, each session in a process of its own. */
export function livekit({ allowPrivateAddresses }: { allowPrivateAddresses: boolean }): Runtime {
  return {
    type: 'bringup',
    qualities: qualityValues,
    perform: (assignment, portrait, changed) =>
      new ProcessPerformance({ assignment, portrait, allowPrivateAddresses, changed }),
  };
}
