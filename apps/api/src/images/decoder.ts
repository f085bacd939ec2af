import { fork, type ChildProcess } from 'node:child_process';
import { constants, setPriority } from 'node:os';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';

import type { DecodeRequest, DecodeResponse, DecoderState } from './ipc.ts';

const EXTENSION = extname(fileURLToPath(import.meta.url));
const DECODER_PROCESS = fileURLToPath(new URL(`./decoder-process${EXTENSION}`, import.meta.url));
/** For a process that runs from source: a package of the repository's root loads TypeScript. */
const FROM_SOURCE = {
  cwd: fileURLToPath(new URL('../../../..', import.meta.url)),
  execArgv: ['--import', 'tsx'],
};
const START_TIMEOUT_MS = 20_000;
/** The process parses untrusted files, so it does not get other variables, such as the password of the database. */
const INHERITED = ['PATH', 'HOME', 'LANG', 'TZ', 'NODE_ENV'];

/** The decoder process ended, or was killed after a timeout, during a request. */
export class DecoderLostError extends Error {
  override readonly name = 'DecoderLostError';
  readonly timedOut: boolean;
  /** Whether the process worked on the image, so that the image may be the cause. */
  readonly wasReady: boolean;

  constructor(message: string, { timedOut, wasReady }: { timedOut: boolean; wasReady: boolean }) {
    super(message);
    this.timedOut = timedOut;
    this.wasReady = wasReady;
  }
}

export interface DecoderOptions {
  /** The process is killed when an image takes longer. */
  timeoutMs: number;
  /** An idle process is killed after this time. */
  idleMs: number;
  /** The process ends when it takes more memory. */
  maxResidentBytes: number;
}

/**
 * A process that decodes images, one at a time. It starts with the first image, is kept for the next ones, and
 * does not keep this process alive while it is idle.
 */
export class Decoder {
  readonly #options: DecoderOptions;
  #process: ChildProcess | null = null;
  #isReady = false;
  #idle: NodeJS.Timeout | undefined;

  constructor(options: DecoderOptions) {
    this.#options = options;
  }

  /** The id of the process; undefined while none runs. */
  get pid(): number | undefined {
    return this.#process?.pid;
  }

  /**
   * Decodes one image. Call it again only when the previous call has settled.
   *
   * @throws {DecoderLostError} when the process ends before it responds
   */
  async decode(request: DecodeRequest): Promise<DecodeResponse> {
    clearTimeout(this.#idle);
    const child = (this.#process ??= this.#start());
    child.ref();
    child.channel?.ref();
    try {
      return await this.#respond(child, request);
    } finally {
      child.unref();
      child.channel?.unref();
      this.#idle = setTimeout(() => this.stop(), this.#options.idleMs).unref();
    }
  }

  stop(): void {
    clearTimeout(this.#idle);
    this.#process?.kill('SIGKILL');
    this.#process = null;
  }

  #start(): ChildProcess {
    const child = fork(DECODER_PROCESS, [String(this.#options.maxResidentBytes)], {
      ...(EXTENSION === '.ts' ? FROM_SOURCE : { execArgv: [] }),
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
      env: Object.fromEntries(INHERITED.map((name) => [name, process.env[name]])),
    });
    this.#isReady = false;
    // Requests go first. Set before the process starts threads, which keep their priority.
    if (child.pid !== undefined) lowerPriority(child.pid);
    const forget = () => {
      if (this.#process === child) this.#process = null;
    };
    child.on('exit', forget);
    child.on('error', forget);
    return child;
  }

  #respond(child: ChildProcess, request: DecodeRequest): Promise<DecodeResponse> {
    return new Promise((resolve, reject) => {
      const fail = (how: string, timedOut = false) => {
        cleanUp();
        if (this.#process === child) this.stop();
        const state = { timedOut, wasReady: this.#isReady };
        reject(new DecoderLostError(`The decoder process ${how}.`, state));
      };
      const onMessage = (message: unknown) => {
        const received = message as DecodeResponse | DecoderState;
        if (isState(received)) {
          this.#isReady = received.kind === 'ready';
          // The time until the process is ready does not count towards the image's timeout.
          clearTimeout(timer);
          timer = expireAfter(this.#isReady ? timeoutMs : START_TIMEOUT_MS);
          return;
        }
        cleanUp();
        // It could not load its models, for example. Another process tries again.
        if ('error' in received && received.error === 'internal') this.stop();
        resolve(received);
      };
      const onExit = (code: number | null, signal: string | null) =>
        fail(`ended: ${signal ?? `exit code ${code ?? 'unknown'}`}`);
      const onError = () => fail('could not be reached');
      const { timeoutMs } = this.#options;
      const expireAfter = (ms: number) => setTimeout(() => fail(`did not respond within ${ms} ms`, true), ms);
      let timer = expireAfter(this.#isReady ? timeoutMs : START_TIMEOUT_MS);
      const cleanUp = () => {
        clearTimeout(timer);
        child.off('message', onMessage);
        child.off('exit', onExit);
        child.off('error', onError);
      };
      child.on('message', onMessage);
      child.on('exit', onExit);
      child.on('error', onError);
      child.send(request, (error) => {
        if (error !== null) fail('could not be reached');
      });
    });
  }
}

function isState(message: DecodeResponse | DecoderState): message is DecoderState {
  return 'kind' in message && (message.kind === 'ready' || message.kind === 'loading');
}

function lowerPriority(pid: number): void {
  try {
    setPriority(pid, constants.priority.PRIORITY_BELOW_NORMAL);
  } catch {
    // The process has ended already, or the user lacks the permission.
  }
}
