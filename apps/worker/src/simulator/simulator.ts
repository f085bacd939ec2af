import { qualityValues } from '@greenroom/contract';

import type { Runtime } from '../runtime.ts';
import { scriptOf } from './script.ts';
import { SimulatedPerformance } from './simulated-performance.ts';

/** Performs test sessions. Joins no room, but reports as if it had, with realistic timing. */
export const simulator: Runtime = {
  type: 'simulator',
  mediaUrl: null,
  qualities: qualityValues,
  perform: (assignment, _portrait, onChange) => new SimulatedPerformance(scriptOf(assignment), onChange),
};
