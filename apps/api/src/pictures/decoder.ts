import { fork, type ChildProcess } from 'node:child_process';
import { constants, setPriority } from 'node:os';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';

import type { DecodeRequest, DecodeResponse, DecoderReady } from './messages.ts';

const EXTENSION = extname(fileURLToPath(import.meta.url));
const DECODER_PROCESS = fileURLToPath(new URL(`./decoder-process${EXTENSION}`, import.meta.url));
/** From source, TypeScript is loaded by a package of the repository's root. */
const FROM_SOURCE = {
  cwd: fileURLToPath(new URL('../../../..', import.meta.url)),
  execArgv: ['--import', 'tsx'],
};
const START_TIMEOUT_MS = 20_000;
/** The process parses hostile files; it does not get the rest, such as the database's password. */
const INHERITED = ['PATH', 'HOME', 'LANG', 'TZ', 'NODE_ENV'];

/** The process ended, or was ended because it took too long, while it worked on a picture. */
export class DecoderLostError extends Error {
  override readonly name = 'DecoderLostError';
  readonly timedOut: boolean;
  /** Whether the process had started, so that the picture may be the cause. */
  readonly wasReady: boolean;

  constructor(message: string, { timedOut, wasReady }: { timedOut: boolean; wasReady: boolean }) {
    super(message);
    this.timedOut = timedOut;
    this.wasReady = wasReady;
  }
}

export interface DecoderOptions {
  /** A picture that takes longer loses its process. */
  timeoutMs: number;
  /** A process without work for this long is ended. */
  idleMs: number;
}

/**
 * One process that decodes pictures, one at a time. It is started with the first picture, kept for the next ones, and
 * never keeps this process running while it is idle.
 */
export class Decoder {
  readonly #options: DecoderOptions;
  #process: ChildProcess | null = null;
  #isReady = false;
  #idle: NodeJS.Timeout | undefined;

  constructor(options: DecoderOptions) {
    this.#options = options;
  }

  /** The id of the process; undefined while there is none. */
  get pid(): number | undefined {
    return this.#process?.pid;
  }

  /**
   * Decodes one picture; the next one waits for the caller.
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
    const child = fork(DECODER_PROCESS, {
      ...(EXTENSION === '.ts' ? FROM_SOURCE : { execArgv: [] }),
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
      env: Object.fromEntries(INHERITED.map((name) => [name, process.env[name]])),
    });
    this.#isReady = false;
    // Pictures can wait and requests cannot. Set here, because threads that the process has started would keep theirs.
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
      const lost = (how: string, timedOut = false) => {
        settled();
        if (this.#process === child) this.stop();
        const state = { timedOut, wasReady: this.#isReady };
        reject(new DecoderLostError(`The process that decodes pictures ${how}.`, state));
      };
      const onMessage = (message: unknown) => {
        const said = message as DecodeResponse | DecoderReady;
        if (said.kind === 'ready') {
          this.#isReady = true;
          // The time that the process took to start is not the picture's.
          clearTimeout(timer);
          timer = expireAfter(timeoutMs);
          return;
        }
        settled();
        resolve(said);
      };
      const onExit = (code: number | null, signal: string | null) =>
        lost(`ended: ${signal ?? `exit code ${code ?? 'unknown'}`}`);
      const onError = () => lost('could not be reached');
      const { timeoutMs } = this.#options;
      const expireAfter = (ms: number) => setTimeout(() => lost(`did not respond within ${ms} ms`, true), ms);
      let timer = expireAfter(this.#isReady ? timeoutMs : START_TIMEOUT_MS);
      const settled = () => {
        clearTimeout(timer);
        child.off('message', onMessage);
        child.off('exit', onExit);
        child.off('error', onError);
      };
      child.on('message', onMessage);
      child.on('exit', onExit);
      child.on('error', onError);
      child.send(request, (error) => {
        if (error !== null) lost('could not be reached');
      });
    });
  }
}

function lowerPriority(pid: number): void {
  try {
    setPriority(pid, constants.priority.PRIORITY_BELOW_NORMAL);
  } catch {
    // The process has ended already, or this user may not.
  }
}
