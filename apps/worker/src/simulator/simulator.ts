import { qualityValues } from '@greenroom/contract';

import type { Runtime } from '../runtime.ts';
import { scriptOf } from './script.ts';
import { SimulatedPerformance } from './simulated-performance.ts';

/** Performs test sessions: no room is joined, yet everything takes its time and is reported as if there were one. */
export const simulator: Runtime = {
  type: 'simulator',
  qualities: qualityValues,
  perform: (assignment, _portrait, changed) => new SimulatedPerformance(scriptOf(assignment), changed),
};
