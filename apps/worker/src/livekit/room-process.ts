/** The process of one room: performs what it is sent, tells how it goes, and leaves when nobody guides it any more. */
import type { FromRoom, ToRoom } from './ipc.ts';
import { Avatar } from './room/avatar.ts';

const PROGRESS_INTERVAL_MS = 250;
/** Leaving is said to the LiveKit server; where that hangs, the process ends all the same. */
const LEAVE_MS = 2_000;

let avatar: Avatar | null = null;
let guidedUntil = Infinity;
let leaseMs = Infinity;

process.on('message', (message) => hear(message as ToRoom));
process.on('disconnect', leave);
// The worker decides what a signal to the whole group means here.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => undefined);

function hear(message: ToRoom): void {
  guidedUntil = performance.now() + leaseMs;
  // The worker reports a room whose process exits as crashed.
  if (message.kind === 'perform') perform(message.engagement).catch(() => process.exit(1));
  else if (message.kind === 'drain') avatar?.drain();
  else if (message.kind === 'abort') leave();
}

async function perform(engagement: Extract<ToRoom, { kind: 'perform' }>['engagement']): Promise<void> {
  leaseMs = engagement.assignment.lease_seconds * 1000;
  guidedUntil = performance.now() + leaseMs;
  const performing = new Avatar(engagement, tellProgress);
  avatar = performing;
  const timer = setInterval(() => {
    if (performance.now() > guidedUntil) leave();
    tellProgress();
  }, PROGRESS_INTERVAL_MS);
  const outcome = await performing.outcome;
  clearInterval(timer);
  tell({ kind: 'over', outcome, progress: performing.progress() }, () => process.exit(0));
}

function tellProgress(): void {
  if (avatar !== null) tell({ kind: 'progress', progress: avatar.progress() });
}

function tell(message: FromRoom, told: () => void = () => undefined): void {
  if (process.send === undefined || !process.connected) told();
  else process.send(message, undefined, undefined, told);
}

function leave(): void {
  if (avatar === null) process.exit(0);
  avatar.abort();
  setTimeout(() => process.exit(1), LEAVE_MS).unref();
}
