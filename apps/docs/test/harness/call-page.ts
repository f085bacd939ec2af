import { until } from '@greenroom/testing';
import type { Page } from 'playwright-core';

/** Runs in a page before its scripts: adds `loudness()`, the current peak of the page's sound, from 0 to 1. */
export const LISTEN = `
  const meters = [];
  const connect = AudioNode.prototype.connect;
  AudioNode.prototype.connect = function (target, ...rest) {
    if (target instanceof AudioDestinationNode) {
      target.meter ??= meters[meters.push(new AnalyserNode(target.context)) - 1];
      connect.call(this, target.meter);
    }
    return connect.call(this, target, ...rest);
  };
  globalThis.loudness = () => {
    const meter = meters.findLast(({ context }) => context.state === 'running');
    if (meter === undefined) return 0;
    const samples = new Float32Array(meter.fftSize);
    meter.getFloatTimeDomainData(samples);
    return Math.max(...samples.map(Math.abs));
  };
`;

/**
 * Runs in a page before a call: adds `delays`, the seconds from the arrival of each sound to its playback, and
 * `sleep()` and `wake()`, which treat the page like a tab in the background: no sound, no animation frames.
 */
export const SLEEP = `
  globalThis.players = [];
  globalThis.AudioContext = class extends AudioContext {
    constructor(options) {
      super(options);
      players.push(this);
    }
  };
  globalThis.delays = [];
  const start = AudioBufferSourceNode.prototype.start;
  AudioBufferSourceNode.prototype.start = function (at) {
    delays.push(at - this.context.currentTime);
    start.call(this, at);
  };
  const hide = (value) => Object.defineProperty(document, 'hidden', { configurable: true, value });
  const request = requestAnimationFrame;
  const frames = [];
  globalThis.sleep = async () => {
    hide(true);
    globalThis.requestAnimationFrame = (draw) => frames.push(draw);
    for (const player of players) {
      player.resume = () => new Promise(() => {});
      await player.suspend();
    }
  };
  globalThis.wake = () => {
    hide(false);
    globalThis.requestAnimationFrame = request;
    for (const draw of frames.splice(0)) request(draw);
    for (const player of players) delete player.resume;
  };
`;

/** Returns how many blobs a page holds. */
export async function countBlobs(page: Page): Promise<number> {
  const inspector = await page.context().newCDPSession(page);
  const { result: prototype } = await inspector.send('Runtime.evaluate', { expression: 'Blob.prototype' });
  const { objects } = await inspector.send('Runtime.queryObjects', {
    prototypeObjectId: prototype.objectId ?? '',
  });
  const { result } = await inspector.send('Runtime.callFunctionOn', {
    objectId: objects.objectId ?? '',
    functionDeclaration: 'function () { return this.length; }',
    returnByValue: true,
  });
  await inspector.detach();
  return Number(result.value);
}

/** Returns a record of sound from a worker: a square wave. */
export function audioRecord(seconds: number, loudness: number): Buffer {
  const AUDIO = 0x01;
  const header = Buffer.from('{"timestamp_ms":0}');
  const samples = Int16Array.from(
    { length: 16_000 * seconds },
    (_, at) => (at % 80 < 40 ? 1 : -1) * loudness,
  );
  const prefix = Buffer.alloc(9);
  prefix.writeUInt32BE(5 + header.length + samples.byteLength);
  prefix.writeUInt8(AUDIO, 4);
  prefix.writeUInt32BE(header.length, 5);
  return Buffer.concat([prefix, header, Buffer.from(samples.buffer)]);
}

/** Runs in a page: returns the part of the picture that has the mouth of a stock avatar. */
const MOUTH = `(() => {
  const part = new OffscreenCanvas(160, 120).getContext('2d');
  part.drawImage(document.querySelector('canvas'), 176, 300, 160, 120, 0, 0, 160, 120);
  return part.getImageData(0, 0, 160, 120).data;
})()`;

const LOUD = 0.05;

/** Resolves when the page plays sound. */
export function untilHeard(page: Page): Promise<void> {
  return until(async () => (await page.evaluate<number>('loudness()')) > LOUD);
}

/** Resolves when the page plays nothing. */
export function untilQuiet(page: Page): Promise<void> {
  return until(async () => (await page.evaluate<number>('loudness()')) === 0);
}

/** Remembers the current mouth, once there is a picture. */
export async function rememberMouth(page: Page): Promise<void> {
  await until(() => page.evaluate<boolean>(`(globalThis.before = ${MOUTH}).some((value) => value > 0)`));
}

/** Returns how much the mouth differs from the remembered one on average, from 0 to 255. */
export function mouthChange(page: Page): Promise<number> {
  return page.evaluate<number>(
    `${MOUTH}.reduce((sum, value, at) => sum + Math.abs(value - before[at]), 0) / before.length`,
  );
}

/** Returns a WAV file with a second of a tone and a second of silence. */
export function toneWav(): Buffer {
  const rate = 48_000;
  const header = Buffer.alloc(44);
  const samples = Buffer.alloc(4 * rate);
  for (let at = 0; at < rate; at++) {
    samples.writeInt16LE(Math.round(12_000 * Math.sin((2 * Math.PI * 220 * at) / rate)), 2 * at);
  }
  header.write('RIFF', 0);
  header.writeUInt32LE(36 + samples.length, 4);
  header.write('WAVEfmt ', 8);
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(1, 20);
  header.writeUInt16LE(1, 22);
  header.writeUInt32LE(rate, 24);
  header.writeUInt32LE(2 * rate, 28);
  header.writeUInt16LE(2, 32);
  header.writeUInt16LE(16, 34);
  header.write('data', 36);
  header.writeUInt32LE(samples.length, 40);
  return Buffer.concat([header, samples]);
}
