import type { NumberOption } from './arguments.ts';
import { benchAvatar, MAX_CORE_PERCENT } from './avatar/bench-avatar.ts';
import type { BenchmarkOptions, BenchmarkResult } from './benchmark.ts';
import { compare } from './compare/compare.ts';
import { scenarios } from './compare/scenarios.ts';
import { benchDispatch, CREATORS, MAX_P99_MS } from './dispatch/bench-dispatch.ts';
import { benchFlat, MAX_RATIO } from './flat/bench-flat.ts';
import { benchLive } from './live/bench-live.ts';
import { benchMemory, MAX_GROWTH } from './memory/bench-memory.ts';
import { benchNewcomer } from './newcomer/bench-newcomer.ts';
import { benchProcesses } from './processes/bench-processes.ts';
import { benchStart } from './start/bench-start.ts';
import {
  benchWebhooks,
  ENDS_PER_SECOND,
  MAX_ARRIVAL_P99_MS,
  MAX_STREAM_P99_MS,
} from './webhooks/bench-webhooks.ts';

type Numbers = Partial<Record<NumberOption, number>>;

export interface Benchmark {
  summary: string;
  aim: string;
  options: readonly NumberOption[];
  run: (options: BenchmarkOptions, numbers: Numbers) => Promise<BenchmarkResult>;
}

const DEFAULT_ROUNDS = 6;
const DEFAULT_SESSIONS = 3_000;
const DEFAULT_AVATARS = 2;
const DEFAULT_HISTORY = 10_000_000;
const DEFAULT_REQUESTS = 1_000_000;

function comparison(name: keyof typeof scenarios, summary: string, aim: string): Benchmark {
  return {
    ...{ summary, aim, options: ['rounds'] },
    run: (options, { rounds = DEFAULT_ROUNDS }) =>
      compare({ ...options, rounds, scenarios: scenarios[name] }),
  };
}

const WRITE_AIM = 'at least 0.5 of the floor and 1.25 of the peer';

/** Every benchmark by its name. */
export const benchmarks: Readonly<Record<string, Benchmark>> = {
  list: comparison('list', 'a page of sessions', 'at least 0.75 of the floor'),
  get: comparison('get', 'one session', 'at least 0.6 of the floor'),
  create: comparison('create', 'creates, by one organisation and by fifty', WRITE_AIM),
  end: comparison('end', 'ends, by one organisation and by fifty', WRITE_AIM),
  report: comparison('report', 'reports of running sessions', 'at least 0.6 of the floor'),
  dispatch: {
    summary: 'how long a session waits for an idle worker',
    aim: `created to claimed below ${MAX_P99_MS} ms (p99) with ${CREATORS} creators`,
    options: [],
    run: benchDispatch,
  },
  live: {
    summary: 'simulated sessions at once',
    aim: `${DEFAULT_SESSIONS.toLocaleString('en')} live at once, none lost, none late by more than one report interval, billed exactly`,
    options: ['sessions'],
    run: (options, { sessions = DEFAULT_SESSIONS }) => benchLive({ ...options, sessions }),
  },
  avatar: {
    summary: 'the CPU and memory of avatars in LiveKit rooms, and how soon they start and stop speaking',
    aim: `at most ${MAX_CORE_PERCENT} % of a core per avatar at 25 frames per second`,
    options: ['sessions'],
    run: (options, { sessions = DEFAULT_AVATARS }) => benchAvatar({ ...options, sessions }),
  },
  flat: {
    summary: 'writes and the usage summary with a short and a long history',
    aim: `durations with the long history at most ${MAX_RATIO} times those with the short one`,
    options: ['history', 'rounds'],
    run: (options, { history = DEFAULT_HISTORY, rounds = DEFAULT_ROUNDS }) =>
      benchFlat({ ...options, history, rounds }),
  },
  memory: {
    summary: 'the memory of the server over many requests',
    aim: `the heap grows at most by a factor of ${MAX_GROWTH} after the warm-up`,
    options: ['requests'],
    run: (options, { requests = DEFAULT_REQUESTS }) => benchMemory({ ...options, requests }),
  },
  processes: {
    summary: 'lists and creates with 1, 2 and 4 API processes, and which program reaches its limit first',
    aim: 'none',
    options: [],
    run: benchProcesses,
  },
  newcomer: {
    summary: 'a newcomer’s first steps: start, a face that speaks, the first call, the console',
    aim: 'none',
    options: [],
    run: benchNewcomer,
  },
  start: {
    summary: 'the time from the start of a process to its first response',
    aim: 'none',
    options: ['rounds'],
    run: (options, { rounds = DEFAULT_ROUNDS }) => benchStart({ ...options, rounds }),
  },
  webhooks: {
    summary: 'webhook deliveries, next to an endpoint that never responds',
    aim: `at ${ENDS_PER_SECOND} ends per second, p99 from the event to its delivery below ${MAX_ARRIVAL_P99_MS} ms, and below ${MAX_STREAM_P99_MS} ms to a stream`,
    options: [],
    run: (options) => benchWebhooks(options),
  },
};
