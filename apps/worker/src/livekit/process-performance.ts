import { fork, type ChildProcess } from 'node:child_process';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';

import type { Assignment, Outcome, Performance, PortraitSource, Progress } from '../runtime.ts';
import { ALIVE_INTERVAL_MS, type FromRoom, type ToRoom } from './ipc.ts';

/** A process that was told to leave at once is killed after so long. */
const LEAVE_MS = 3_000;
/** A process tells of its progress four times a second; after so many seconds of nothing it hangs. */
const SILENT_SECONDS = 10;
const EXTENSION = extname(fileURLToPath(import.meta.url));
const ROOM_PROCESS = fileURLToPath(new URL(`./room-process${EXTENSION}`, import.meta.url));
/** The room's process has no use for the rest, among it the worker's key. */
const INHERITED = ['PATH', 'HOME', 'LANG', 'TZ', 'NODE_ENV', 'SSL_CERT_FILE', 'NODE_EXTRA_CA_CERTS'];

export interface ProcessPerformanceOptions {
  assignment: Assignment;
  portrait: PortraitSource;
  allowPrivateAddresses: boolean;
  changed: () => void;
}

/**
 * A performance in a process of its own: media code is native, and where it crashes it takes this session and no
 * other. The outcome settles when the process is gone, so that nothing is left in the room.
 */
export class ProcessPerformance implements Performance {
  readonly outcome: Promise<Outcome>;
  readonly #options: ProcessPerformanceOptions;
  readonly #process: ChildProcess;
  readonly #alive: NodeJS.Timeout;
  #progress: Progress = { startedAt: new Date(), firstFrameAt: null, frames: 0, mediaMs: 0 };
  #over: Outcome | null = null;
  #begun = false;
  /** Counted rather than timed: a worker that was paused is not to blame its rooms. */
  #silentSeconds = 0;

  constructor(options: ProcessPerformanceOptions) {
    this.#options = options;
    this.#process = fork(ROOM_PROCESS, {
      serialization: 'advanced',
      // What the native code prints may hold the token, as part of an address.
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
      env: Object.fromEntries(INHERITED.map((name) => [name, process.env[name]])),
    });
    this.#process.on('message', (message) => this.#hear(message as FromRoom));
    this.#alive = setInterval(() => this.#guide(), ALIVE_INTERVAL_MS);
    this.outcome = this.#untilGone();
    this.#begin().catch(() => {
      this.#over ??= failed('runtime.error', 'The avatar’s portrait could not be had from the server.');
      this.abort();
    });
  }

  progress(): Progress {
    return this.#progress;
  }

  drain(): void {
    // Of what has not begun there is nothing to finish.
    if (this.#begun) this.#tell({ kind: 'drain' });
    else this.abort();
  }

  abort(): void {
    this.#over ??= { state: 'ended' };
    this.#tell({ kind: 'abort' });
    setTimeout(() => this.#process.kill('SIGKILL'), LEAVE_MS).unref();
  }

  async #begin(): Promise<void> {
    const { assignment, allowPrivateAddresses } = this.#options;
    const portrait = await this.#options.portrait();
    this.#begun = true;
    this.#tell({ kind: 'perform', engagement: { assignment, portrait, allowPrivateAddresses } });
  }

  #guide(): void {
    this.#tell({ kind: 'alive' });
    if (this.#begun) this.#silentSeconds += 1;
    if (this.#silentSeconds > SILENT_SECONDS) this.#process.kill('SIGKILL');
  }

  #hear(message: FromRoom): void {
    this.#silentSeconds = 0;
    const before = this.#progress;
    this.#progress = message.progress;
    if (message.kind === 'over') this.#over ??= message.outcome;
    const { firstFrameAt, ending } = message.progress;
    if (firstFrameAt?.getTime() !== before.firstFrameAt?.getTime() || ending !== before.ending) {
      this.#options.changed();
    }
  }

  #tell(message: ToRoom): void {
    // To a process that is gone nothing can be said, and its end is heard of by itself.
    if (this.#process.connected) this.#process.send(message, () => undefined);
  }

  #untilGone(): Promise<Outcome> {
    return new Promise((resolve) => {
      const gone = (how: string) => {
        clearInterval(this.#alive);
        resolve(this.#over ?? failed('worker.crashed', `The process in the room stopped: ${how}.`));
      };
      this.#process.once('error', () => gone('it could not be started'));
      this.#process.once('exit', (code, signal) => gone(signal ?? `exit code ${code ?? 'unknown'}`));
    });
  }
}

function failed(code: 'runtime.error' | 'worker.crashed', message: string): Outcome {
  return { state: 'failed', failure: { code, message } };
}
