/** The process of one session: performs it, reports progress, and leaves without heartbeats. */
import type { Socket } from 'node:net';

import { Avatar } from '../avatar/avatar.ts';
import type { Transport } from '../avatar/transport.ts';
import type { UpgradeRequest } from '../media/media-server.ts';
import type { MediaTransport } from '../media/media-transport.ts';
import type { ChildMessage, ParentMessage, StartMessage } from './ipc.ts';

const PROGRESS_INTERVAL_MS = 250;
/** How long leaving may take: the LiveKit server is notified, and that may hang. */
const LEAVE_TIMEOUT_MS = 2_000;

let avatar: Avatar | null = null;
/** The transport of a session whose media goes over a WebSocket. */
let media: Promise<MediaTransport> | null = null;
/** Whether to drain the performance; may be set before it begins. */
let isDraining = false;
let leaseMs = Infinity;
let leaseExpiresAtMs = Infinity;

process.on('message', (message, handle) => onMessage(message as ParentMessage, handle as Socket | undefined));
process.on('disconnect', leave);
// A signal to the process group also arrives here; the worker decides when to leave.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => undefined);

function onMessage(message: ParentMessage, socket: Socket | undefined): void {
  leaseExpiresAtMs = performance.now() + leaseMs;
  // The worker reports a session whose process exits as crashed.
  if (message.kind === 'start') start(message).catch(() => process.exit(1));
  else if (message.kind === 'client') acceptClient(message.request, socket);
  else if (message.kind === 'drain') drain();
  else if (message.kind === 'abort') leave();
}

async function start(message: StartMessage): Promise<void> {
  leaseMs = message.assignment.lease_seconds * 1000;
  leaseExpiresAtMs = performance.now() + leaseMs;
  const started = new Avatar(message, await transportOf(message), sendProgress);
  avatar = started;
  if (isDraining) drain();
  const timer = setInterval(() => {
    if (performance.now() > leaseExpiresAtMs) leave();
    sendProgress();
  }, PROGRESS_INTERVAL_MS);
  const outcome = await started.outcome;
  clearInterval(timer);
  send({ kind: 'done', outcome, progress: started.progress() }, () => process.exit(0));
}

/** Loads only the transport that is used. */
async function transportOf(message: StartMessage): Promise<Transport> {
  if (message.assignment.session.transport.type !== 'pipecat') {
    const { LiveKitTransport } = await import('../livekit/livekit-transport.ts');
    return new LiveKitTransport(message);
  }
  media = import('../media/media-transport.ts').then(({ MediaTransport }) => new MediaTransport());
  return media;
}

/** The client may disconnect before its socket arrives. */
function acceptClient(request: UpgradeRequest, socket: Socket | undefined): void {
  if (socket === undefined) return;
  if (media === null) socket.destroy();
  else media.then((transport) => transport.accept(request, socket)).catch(() => socket.destroy());
}

function sendProgress(): void {
  if (avatar !== null) send({ kind: 'progress', progress: avatar.progress() });
}

function send(message: ChildMessage, onSent: () => void = () => undefined): void {
  if (process.send === undefined || !process.connected) onSent();
  else process.send(message, undefined, undefined, onSent);
}

function drain(): void {
  isDraining = true;
  avatar?.drain();
}

function leave(): void {
  if (avatar === null) process.exit(0);
  avatar.abort();
  setTimeout(() => process.exit(1), LEAVE_TIMEOUT_MS).unref();
}
