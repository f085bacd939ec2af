import cluster, { type Worker } from 'node:cluster';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';

import type { Logger } from 'pino';

import { inBackground } from '../common/in-background.ts';
import { MAX_STOP_MS } from '../common/stop-times.ts';

export interface ProcessGroupOptions {
  /** The program of each process. It listens on one port, and on SIGTERM finishes its requests and exits. */
  program: string;
  processes: number;
  /** Returns the environment of a process, in addition to this one's. A process has the index of the one it replaces. */
  env: (index: number) => Readonly<Record<string, string>>;
  log: Logger;
}

const MIN_BACKOFF_MS = 100;
const MAX_BACKOFF_MS = 5_000;
/** A process that ran for this long was stable: it is replaced without a longer delay. */
const STABLE_MS = 10_000;
const KILL_TIMEOUT_MS = MAX_STOP_MS + 2_000;

/**
 * Several processes that serve one port. This process, the primary, listens and gives each connection to the next one of
 * them: unlike processes that share the port by SO_REUSEPORT, one can leave without a connection that waits for it being
 * reset. The primary replaces a process that dies. When the primary dies, the others exit.
 */
export class ProcessGroup {
  readonly #options: ProcessGroupOptions;
  /** The processes and their indices. */
  readonly #members = new Map<Worker, number>();
  /** The members that serve. */
  readonly #serving = new Set<Worker>();
  /** Members that exit on request. */
  readonly #retiring = new Set<Worker>();
  readonly #stopping = new AbortController();
  #backoffMs = MIN_BACKOFF_MS;
  #isRestarting = false;

  constructor(options: ProcessGroupOptions) {
    this.#options = options;
    cluster.setupPrimary({
      exec: options.program,
      execArgv: [...process.execArgv, '--enable-source-maps'],
      args: [],
    });
  }

  /**
   * Resolves when every process serves.
   *
   * @param signal stops the processes that have started
   * @throws {Error} when one of them exits before it serves; it has printed the reason
   */
  async start(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    const stop = () => {
      inBackground(this.stop(), this.#options.log, 'could not stop the API processes');
    };
    signal.addEventListener('abort', stop);
    const launches = Array.from({ length: this.#options.processes }, (_, index) => this.#launch(index));
    try {
      await Promise.all(launches);
    } catch (error) {
      await this.stop();
      throw error;
    } finally {
      signal.removeEventListener('abort', stop);
    }
  }

  /** Replaces the processes one after another. Each leaves when its replacement serves, so no connection is refused. */
  async restart(): Promise<void> {
    const { log } = this.#options;
    if (this.#isRestarting) return;
    this.#isRestarting = true;
    log.info('replacing the API processes one after another');
    try {
      for (const [member, index] of [...this.#members]) await this.#rollOver(member, index);
      log.info('replaced the API processes');
    } catch (error) {
      if (this.#stopping.signal.aborted) return;
      log.error({ err: error }, 'the API processes were not replaced; the previous ones keep serving');
    } finally {
      this.#isRestarting = false;
    }
  }

  /** Starts a process, and then stops the one that it replaces, unless that one has died in the meantime. */
  async #rollOver(member: Worker, index: number): Promise<void> {
    this.#stopping.signal.throwIfAborted();
    // It has died and is being replaced, or it is itself the replacement of one that died.
    if (!this.#serving.has(member)) return;
    this.#retiring.add(member);
    try {
      await this.#launch(index);
    } catch (error) {
      if (!this.#retiring.delete(member)) this.#replace(index);
      throw error;
    }
    await retire(member);
  }

  /** Resolves when the processes have finished their requests and exited. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await Promise.all([...this.#members.keys()].map(retire));
  }

  /** Resolves when a new process serves. */
  #launch(index: number): Promise<void> {
    const { env, log } = this.#options;
    const launchedAtMs = performance.now();
    const member = cluster.fork(env(index));
    this.#members.set(member, index);
    return new Promise((resolve, reject) => {
      let serves = false;
      // Emitted instead of an exit when the system has no resources for a process.
      member.on('error', (error) => {
        log.error({ err: error }, 'an API process could not be started or signalled');
        if (member.process.pid !== undefined) return;
        this.#members.delete(member);
        reject(error);
      });
      member.once('listening', () => {
        serves = true;
        this.#serving.add(member);
        resolve();
      });
      member.once('exit', (code: number, signal: string | null) => {
        this.#members.delete(member);
        this.#serving.delete(member);
        const wasAsked = this.#retiring.delete(member) || this.#stopping.signal.aborted;
        if (!serves) {
          reject(new Error('An API process exited before it served.'));
        } else if (!wasAsked) {
          log.error({ process: member.process.pid, code, signal }, 'an API process died; starting another');
          if (performance.now() - launchedAtMs > STABLE_MS) this.#backoffMs = MIN_BACKOFF_MS;
          this.#replace(index);
        }
      });
    });
  }

  /** Starts a process in place of one that died. */
  #replace(index: number): void {
    inBackground(this.#launchAgain(index), this.#options.log, 'could not start another API process');
  }

  /** Retries until a process serves. The others serve in the meantime; when there is none, connections are refused. */
  async #launchAgain(index: number): Promise<void> {
    const { signal } = this.#stopping;
    for (;;) {
      await delay(this.#backoffMs, undefined, { signal }).catch(() => undefined);
      if (signal.aborted) return;
      this.#backoffMs = Math.min(this.#backoffMs * 2, MAX_BACKOFF_MS);
      try {
        await this.#launch(index);
        this.#options.log.info('replacement API process is serving');
        return;
      } catch {
        // It has printed the reason.
      }
    }
  }
}

/** Resolves when a process has exited. Kills it when it takes too long. */
async function retire(member: Worker): Promise<void> {
  if (member.isDead()) return;
  const exited = once(member, 'exit');
  const timer = setTimeout(() => member.process.kill('SIGKILL'), KILL_TIMEOUT_MS);
  member.process.kill('SIGTERM');
  await exited;
  clearTimeout(timer);
}
