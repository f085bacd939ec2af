/** The process of one room: performs the session that it is sent, reports progress, and leaves without heartbeats. */
import type { ChildMessage, ParentMessage, StartMessage } from './ipc.ts';
import { Avatar } from './avatar.ts';

const PROGRESS_INTERVAL_MS = 250;
/** How long leaving may take: the LiveKit server is notified, and that may hang. */
const LEAVE_TIMEOUT_MS = 2_000;

let avatar: Avatar | null = null;
let leaseMs = Infinity;
let leaseExpiresAtMs = Infinity;

process.on('message', (message) => onMessage(message as ParentMessage));
process.on('disconnect', leave);
// A signal to the process group also arrives here; the worker decides when to leave.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => undefined);

function onMessage(message: ParentMessage): void {
  leaseExpiresAtMs = performance.now() + leaseMs;
  // The worker reports a room whose process exits as crashed.
  if (message.kind === 'start') start(message).catch(() => process.exit(1));
  else if (message.kind === 'drain') avatar?.drain();
  else if (message.kind === 'abort') leave();
}

async function start(message: StartMessage): Promise<void> {
  leaseMs = message.assignment.lease_seconds * 1000;
  leaseExpiresAtMs = performance.now() + leaseMs;
  const started = new Avatar(message, sendProgress);
  avatar = started;
  const timer = setInterval(() => {
    if (performance.now() > leaseExpiresAtMs) leave();
    sendProgress();
  }, PROGRESS_INTERVAL_MS);
  const outcome = await started.outcome;
  clearInterval(timer);
  send({ kind: 'done', outcome, progress: started.progress() }, () => process.exit(0));
}

function sendProgress(): void {
  if (avatar !== null) send({ kind: 'progress', progress: avatar.progress() });
}

function send(message: ChildMessage, onSent: () => void = () => undefined): void {
  if (process.send === undefined || !process.connected) onSent();
  else process.send(message, undefined, undefined, onSent);
}

function leave(): void {
  if (avatar === null) process.exit(0);
  avatar.abort();
  setTimeout(() => process.exit(1), LEAVE_TIMEOUT_MS).unref();
}
