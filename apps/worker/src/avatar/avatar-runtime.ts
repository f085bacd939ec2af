import { qualityValues } from '@greenroom/contract';

import type { Runtime } from '../runtime.ts';
import { ProcessPerformance } from './process-performance.ts';

/** The `livekit` runtime: an avatar joins the customer's LiveKit room, each session in a separate process. */
export function livekit({ allowPrivateAddresses }: { allowPrivateAddresses: boolean }): Runtime {
  return {
    type: 'livekit',
    qualities: qualityValues,
    perform: (assignment, portrait, onChange) =>
      new ProcessPerformance({ assignment, portrait, allowPrivateAddresses, onChange }),
  };
}
