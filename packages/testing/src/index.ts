export { freePort } from './free-port.ts';
export { mintWorkerToken, sessionCreate, type TokenOptions } from './session-create.ts';
export { testSeed } from './seed.ts';
export { reasonWithout, skippable, type Tool } from './skips.ts';
export { until } from './until.ts';
