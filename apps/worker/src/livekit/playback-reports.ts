import { RoomEvent, RpcError, type Room } from '@livekit/rtc-node';
import pRetry from 'p-retry';

import { withResolver } from '../with-resolver.ts';

/** RPC methods of the agent, as the LiveKit Agents framework registers them. */
const PLAYBACK_STARTED = 'lk.playback_started';
const PLAYBACK_FINISHED = 'lk.playback_finished';

const RETRIES = { retries: 3, minTimeout: 250, maxTimeout: 1_000 };
/** Not retried: another attempt has the same result, or the call has arrived and would be counted twice. */
const FINAL_ERRORS: readonly unknown[] = [
  RpcError.ErrorCode.UNSUPPORTED_METHOD,
  RpcError.ErrorCode.UNSUPPORTED_SERVER,
  RpcError.ErrorCode.RESPONSE_TIMEOUT,
  RpcError.ErrorCode.APPLICATION_ERROR,
];

/** Limits the memory that a sender can use by opening streams without ending them. */
const MAX_OPEN = 1_000;

/** Notifies the sender of an utterance. Each must be `finished` exactly once. */
interface UtteranceReport {
  started: () => void;
  finished: (positionSeconds: number, interrupted: boolean) => void;
}

/**
 * Notifies senders of the playback of their utterances: one call after the other, in the order of the utterances, because
 * the framework matches reports to utterances by their order.
 */
export class PlaybackReports {
  readonly #room: Room;
  readonly #sent = new Map<string, Promise<void>>();
  /** Participants that left. A participant that speaks may not yet be known to be in the room. */
  readonly #gone = new Set<string>();
  #open = 0;
  /** Resolves when the room is no longer reconnecting. Null while it is not. */
  #reconnecting: { promise: Promise<unknown>; resolve: (value: null) => void } | null = null;

  constructor(room: Room) {
    this.#room = room;
    room.on(RoomEvent.ParticipantDisconnected, ({ identity }) => this.#gone.add(identity));
    room.on(RoomEvent.ParticipantConnected, ({ identity }) => this.#gone.delete(identity));
    room.on(RoomEvent.Reconnecting, () => {
      this.#reconnecting ??= withResolver<null>();
    });
    for (const event of [RoomEvent.Reconnected, RoomEvent.Disconnected] as const) {
      room.on(event, () => {
        this.#reconnecting?.resolve(null);
        this.#reconnecting = null;
      });
    }
  }

  /** Adds an utterance of a participant. */
  open(identity: string): UtteranceReport {
    const started = withResolver<boolean>();
    const finished = withResolver<object>();
    const notify = async () => {
      if (await started.promise) await this.#send(identity, PLAYBACK_STARTED, {});
      await this.#send(identity, PLAYBACK_FINISHED, await finished.promise);
    };
    if (this.#open < MAX_OPEN) {
      this.#open += 1;
      const earlier = this.#sent.get(identity) ?? Promise.resolve();
      const sent = earlier.then(notify).finally(() => {
        this.#open -= 1;
      });
      this.#sent.set(identity, sent);
    }
    return {
      started: () => started.resolve(true),
      finished: (positionSeconds, interrupted) => {
        started.resolve(false);
        finished.resolve({ playback_position: positionSeconds, interrupted });
      },
    };
  }

  /** Resolves when every report was sent or abandoned. */
  async settled(): Promise<void> {
    await Promise.all(this.#sent.values());
  }

  /** Gives up when the participant has left, has no such method, or fails each time. */
  async #send(destinationIdentity: string, method: string, payload: object): Promise<void> {
    const call = { destinationIdentity, method, payload: JSON.stringify(payload) };
    const attempt = async () => {
      await this.#reconnecting?.promise;
      if (!this.#room.isConnected || this.#gone.has(destinationIdentity)) return;
      await this.#room.localParticipant?.performRpc(call);
    };
    await pRetry(attempt, {
      ...RETRIES,
      shouldRetry: ({ error }) => !(error instanceof RpcError && FINAL_ERRORS.includes(error.code)),
    }).catch(() => undefined);
  }
}
