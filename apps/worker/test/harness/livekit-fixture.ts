import type { Schemas } from '@greenroom/client';
import { reasonWithout, skippable, until } from '@greenroom/testing';
import { dispose } from '@livekit/rtc-node';

import { startAgent, type Agent } from './agent.ts';
import { Listener, type ListenerOptions } from './listener.ts';
import { startLiveKitServer, type LiveKitServer, type TokenOptions } from './livekit-server.ts';
import type { Program } from './program.ts';
import { startSystem, type System } from './system.ts';

const reason = reasonWithout('LIVEKIT');
export const isSkipped = reason !== '';
/** The name of the test suites, with the reason when they are skipped. */
export const SUITE = skippable('an avatar in a LiveKit room', reason);

/** The identity that a session asks for by default. */
export const AVATAR = 'greenroom-worker';

type Transport = Partial<Extract<Schemas['SessionCreate']['transport'], { type: 'livekit' }>>;

export interface LiveSession extends Partial<Omit<Schemas['SessionCreate'], 'transport'>> {
  transport?: Transport;
  /** Options of the worker's token. */
  token?: TokenOptions;
}

/** A LiveKit server and an API, with workers for live sessions. */
export interface LiveKitFixture extends AsyncDisposable {
  readonly livekit: LiveKitServer;
  readonly system: System;
  startWorker(slots?: number): Promise<Program>;
  /** Creates a live session, by default in a new room. */
  create(fields?: LiveSession): Promise<{ id: string; room: string }>;
  /** Creates a live session and a listener in its room. Resolves when the session is running and the listener gets media. */
  createRunning(
    fields?: LiveSession,
    options?: ListenerOptions,
  ): Promise<{ id: string; room: string; listener: Listener }>;
  /** Starts an agent that speaks through the avatar. */
  startAgent(room: string): Promise<Agent>;
  /** Joins the room as another participant. */
  join(room: string, identity: string, options?: TokenOptions & ListenerOptions): Promise<Listener>;
  /** Resolves with whether the avatar is not in the room. */
  hasLeft(room: string): Promise<boolean>;
  /** Removes all listeners and agents from their rooms. */
  clear(): Promise<void>;
}

const ENV = { GREENROOM_RUNTIMES: 'livekit', GREENROOM_ALLOW_PRIVATE_ADDRESSES: 'true' };

let rooms = 0;

export async function startLiveKitFixture(): Promise<LiveKitFixture> {
  const livekit = await startLiveKitServer();
  const system = await startSystem({ env: { GREENROOM_ALLOW_INSECURE_URLS: 'true' } });
  const participants: { leave(): Promise<void> }[] = [];

  async function create({ transport, token: tokenOptions, ...fields }: LiveSession = {}) {
    const room = transport?.room_name ?? `room-${(rooms += 1)}`;
    const token = await livekit.token(AVATAR, room, tokenOptions);
    const session = await system.live.sessions.create({
      avatar_id: 'av_stock_001',
      idle_timeout_seconds: 60,
      ...fields,
      transport: { type: 'livekit', url: livekit.url, room_name: room, worker_token: token, ...transport },
    });
    return { id: session.id, room };
  }

  async function join(room: string, identity: string, options: TokenOptions & ListenerOptions = {}) {
    const token = await livekit.token(identity, room, options);
    const listener = await Listener.join(livekit.url, token, options);
    participants.push(listener);
    return listener;
  }

  return {
    livekit,
    system,
    create,
    join,
    startWorker: (slots = 20) => system.startWorker({ ...ENV, GREENROOM_SLOTS: `livekit=${slots}` }),
    async createRunning(fields = {}, options = {}) {
      const { id, room } = await create(fields);
      const listener = await join(room, 'visitor', options);
      await system.live.sessions.waitFor(id, ['running'], { timeoutMs: 20_000, pollIntervalMs: 50 });
      await until(() => (options.video === false ? listener.audio : listener.video).length > 25, 20_000);
      return { id, room, listener };
    },
    async startAgent(room) {
      const agent = await startAgent(livekit.url, await livekit.token('agent', room), AVATAR);
      participants.push(agent);
      return agent;
    },
    hasLeft: (room) =>
      livekit.rooms.listParticipants(room).then(
        (found) => found.every(({ identity }) => identity !== AVATAR),
        // The room no longer exists.
        () => true,
      ),
    async clear() {
      await Promise.all(participants.splice(0).map((participant) => participant.leave()));
    },
    async [Symbol.asyncDispose]() {
      await system[Symbol.asyncDispose]();
      await livekit[Symbol.asyncDispose]();
      await dispose();
    },
  };
}
