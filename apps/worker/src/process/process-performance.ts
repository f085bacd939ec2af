import { fork, type ChildProcess } from 'node:child_process';
import type { Socket } from 'node:net';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';

import type { MediaServer } from '../media/media-server.ts';
import type { Assignment, Outcome, Performance, PortraitSource, Progress } from '../runtime.ts';
import { HEARTBEAT_INTERVAL_MS, type ChildMessage, type ParentMessage } from './ipc.ts';
import { SMALL_PROCESS } from './small-process.ts';

/** A process is killed when it has not exited this long after `abort`. */
const LEAVE_TIMEOUT_MS = 3_000;
/** A process reports its progress four times a second. After this many silent seconds it counts as hung. */
const MAX_SILENT_SECONDS = 10;
const EXTENSION = extname(fileURLToPath(import.meta.url));
const AVATAR_PROCESS = fileURLToPath(new URL(`./avatar-process${EXTENSION}`, import.meta.url));
/** The process inherits only these variables, so it does not get the worker's key. */
const INHERITED = ['PATH', 'HOME', 'LANG', 'TZ', 'NODE_ENV', 'SSL_CERT_FILE', 'NODE_EXTRA_CA_CERTS'];

export interface ProcessPerformanceOptions {
  assignment: Assignment;
  portrait: PortraitSource;
  allowPrivateAddresses: boolean;
  /** Null serves no media over WebSockets. */
  media: MediaServer | null;
  onChange: () => void;
}

/**
 * A performance in a separate process, so that a crash of the native media code ends only this session. The outcome
 * settles when the process has exited, so nothing is left running.
 */
export class ProcessPerformance implements Performance {
  readonly outcome: Promise<Outcome>;
  readonly #options: ProcessPerformanceOptions;
  readonly #process: ChildProcess;
  readonly #heartbeatTimer: NodeJS.Timeout;
  /** Resolves when the start message was sent. */
  readonly #ready: Promise<void>;
  #progress: Progress = { startedAt: new Date(), joinedAt: null, firstFrameAt: null, frames: 0, mediaMs: 0 };
  #reported: Outcome | null = null;
  #started = false;
  /** Counted instead of timed, so that a worker that was paused does not blame its processes. */
  #silentSeconds = 0;

  constructor(options: ProcessPerformanceOptions) {
    this.#options = options;
    this.#process = fork(AVATAR_PROCESS, {
      serialization: 'advanced',
      execArgv: [...process.execArgv, ...SMALL_PROCESS.execArgv],
      // The native code may print the token as part of a URL.
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
      env: {
        ...Object.fromEntries(INHERITED.map((name) => [name, process.env[name]])),
        ...SMALL_PROCESS.env,
      },
    });
    this.#process.on('message', (message) => this.#onMessage(message as ChildMessage));
    this.#heartbeatTimer = setInterval(() => this.#heartbeat(), HEARTBEAT_INTERVAL_MS);
    this.outcome = this.#exited().finally(this.#acceptClients());
    this.#ready = this.#start();
    this.#ready.catch(() => {
      this.#reported ??= failed('runtime.error', 'The portrait of the avatar could not be fetched.');
      this.abort();
    });
  }

  progress(): Progress {
    return this.#progress;
  }

  drain(): void {
    // Not started: nothing to drain.
    if (this.#started) this.#send({ kind: 'drain' });
    else this.abort();
  }

  abort(): void {
    this.#reported ??= { state: 'ended' };
    this.#send({ kind: 'abort' });
    setTimeout(() => this.#process.kill('SIGKILL'), LEAVE_TIMEOUT_MS).unref();
  }

  async #start(): Promise<void> {
    const { assignment, allowPrivateAddresses } = this.#options;
    const portrait = await this.#options.portrait();
    this.#started = true;
    this.#send({ kind: 'start', assignment, portrait, allowPrivateAddresses });
  }

  /** Passes the sockets of clients to the process. Returns a function that stops this. */
  #acceptClients(): () => void {
    const { assignment, media } = this.#options;
    if (media === null || assignment.media_token === null) return () => undefined;
    return media.accept(assignment.session.id, assignment.media_token, (request, socket) => {
      this.#ready
        .then(() => {
          this.#send({ kind: 'client', request }, socket);
        })
        .catch(() => socket.destroy());
    });
  }

  #heartbeat(): void {
    this.#send({ kind: 'heartbeat' });
    if (this.#started) this.#silentSeconds += 1;
    if (this.#silentSeconds > MAX_SILENT_SECONDS) this.#process.kill('SIGKILL');
  }

  #onMessage(message: ChildMessage): void {
    this.#silentSeconds = 0;
    const before = this.#progress;
    this.#progress = message.progress;
    if (message.kind === 'done') this.#reported ??= message.outcome;
    const { firstFrameAt, ending } = message.progress;
    if (firstFrameAt?.getTime() !== before.firstFrameAt?.getTime() || ending !== before.ending) {
      this.#options.onChange();
    }
  }

  #send(message: ParentMessage, socket?: Socket): void {
    // A process that has exited cannot receive; its `exit` event settles the outcome.
    if (!this.#process.connected) {
      socket?.destroy();
    } else {
      this.#process.send(message, socket, undefined, (error) => {
        if (error !== null) socket?.destroy();
      });
    }
  }

  #exited(): Promise<Outcome> {
    return new Promise((resolve) => {
      const settle = (cause: string) => {
        clearInterval(this.#heartbeatTimer);
        resolve(this.#reported ?? failed('worker.crashed', `The process of the session stopped: ${cause}.`));
      };
      this.#process.once('error', () => settle('it could not be started'));
      this.#process.once('exit', (code, signal) => settle(signal ?? `exit code ${code ?? 'unknown'}`));
    });
  }
}

function failed(code: 'runtime.error' | 'worker.crashed', message: string): Outcome {
  return { state: 'failed', failure: { code, message } };
}
