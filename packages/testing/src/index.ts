export { freePort } from './free-port.ts';
export { mintWorkerToken, sessionCreate, type TokenOptions } from './session-create.ts';
export { testSeed } from './seed.ts';
export { reasonWithout, skippable, type Tool } from './skips.ts';
export { startTcpProxy, type TcpProxy } from './tcp-proxy.ts';
export { until } from './until.ts';
