export { reasonWithout, skippable, testSeed, type Tool } from './environment.ts';
export { freePort } from './free-port.ts';
export { nodeArguments } from './node-arguments.ts';
export { faceLandmarks, photograph } from './photographs.ts';
export { mintWorkerToken, sessionCreate, type TokenOptions } from './session-create.ts';
export { startTcpProxy, type TcpProxy } from './tcp-proxy.ts';
export { until } from './until.ts';
export { startOtlpReceiver, traceTree, type OtlpReceiver, type ReceivedSpan } from './otlp-receiver.ts';
export { speechSound, syllables, type SpeechSound, type SpeechSoundOptions } from './speech-sounds.ts';
