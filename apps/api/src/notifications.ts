import { subscribe, type Subscription } from '@greenroom/database';

import { KEY_CHANNEL } from './authentication/key-repository.ts';
import { inBackground } from './common/in-background.ts';
import {
  DIRECTIVE_CHANNEL,
  EVENT_CHANNEL,
  forEachQueuedSession,
  QUEUE_CHANNEL,
} from './dispatch/dispatch-notifier.ts';
import { GRANT_CHANNEL, LISTENER_NAME } from './rate-limits/process-repository.ts';
import type { ServerOptions, ServerParts } from './server-parts.ts';
import { WEBHOOK_CHANNEL } from './webhooks/webhook-endpoint-repository.ts';

/** Subscribes to the notifications of all processes, and passes each on to the part that it is for. */
export function subscribeToNotifications(
  { databaseUrl, log }: Pick<ServerOptions, 'databaseUrl' | 'log'>,
  parts: ServerParts,
): Promise<Subscription> {
  const { keyCache, processes, rateLimitSync, waitingClaims, waitingReports } = parts;
  const { eventStreams, deliverer, sweeper } = parts;
  const receivers = new Map<string, (message: string) => void>([
    [KEY_CHANNEL, (message) => keyCache.evict(message)],
    [QUEUE_CHANNEL, (message) => forEachQueuedSession(message, (queue) => waitingClaims.notifyOne(queue))],
    [DIRECTIVE_CHANNEL, (message) => waitingReports.notifyAll(message)],
    [EVENT_CHANNEL, (message) => eventStreams.notify(message)],
    [GRANT_CHANNEL, (message) => rateLimitSync.receive(message)],
    [WEBHOOK_CHANNEL, (message) => deliverer.forget(message)],
  ]);
  return subscribe(databaseUrl, {
    applicationName: LISTENER_NAME,
    channels: [...receivers.keys()],
    onNotification: (channel, message) => receivers.get(channel)?.(message),
    onConnect() {
      keyCache.resume();
      sweeper.resume();
      deliverer.forget();
      for (const waitList of [waitingClaims, waitingReports]) waitList.wakeAll();
      eventStreams.wakeAll();
      inBackground(processes.refresh(), log, 'could not count the API processes');
    },
    onDisconnect() {
      keyCache.suspend();
      sweeper.suspend();
    },
  });
}
