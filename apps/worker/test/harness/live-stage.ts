import type { Schemas } from '@greenroom/client';
import { reasonWithout, skippable, until } from '@greenroom/testing';
import { dispose } from '@livekit/rtc-node';
import type { VideoGrant } from 'livekit-server-sdk';

import { startAgent, type Agent } from './agent.ts';
import { Audience } from './audience.ts';
import { startLiveKitServer, type LiveKitServer } from './livekit-server.ts';
import type { Program } from './program.ts';
import { startSystem, type System } from './system.ts';

const reason = reasonWithout('LIVEKIT');
export const isLeftOut = reason !== '';
/** The name of the tests, with the reason why they are skipped if they are. */
export const IN_A_ROOM = skippable('an avatar in a LiveKit room', reason);

/** The identity that a session asks for by default. */
export const AVATAR = 'greenroom-worker';

type Transport = Partial<Extract<Schemas['SessionCreate']['transport'], { type: 'livekit' }>>;

export interface LiveSession extends Partial<Omit<Schemas['SessionCreate'], 'transport'>> {
  transport?: Transport;
  /** Of the worker's token, beyond joining its room. */
  grant?: VideoGrant;
  /** What the token is signed with. */
  secret?: string;
}

/** A LiveKit server, an API and a worker that performs live sessions. */
export interface LiveStage extends AsyncDisposable {
  readonly livekit: LiveKitServer;
  readonly system: System;
  startWorker(slots?: number): Promise<Program>;
  /** A live session in a room of its own. */
  create(fields?: LiveSession): Promise<{ id: string; room: string }>;
  /** A live session that is running, with somebody in its room who sees it. */
  onStage(fields?: LiveSession): Promise<{ id: string; room: string; audience: Audience }>;
  /** The agent that speaks through the avatar. */
  agent(room: string): Promise<Agent>;
  /** Somebody else in the room. */
  visitor(room: string, identity: string, grant?: VideoGrant): Promise<Audience>;
  /** Whether the avatar is out of the room. */
  hasLeft(room: string): Promise<boolean>;
  /** Everybody leaves but the avatars. */
  clear(): Promise<void>;
}

const ENV = { GREENROOM_RUNTIMES: 'livekit', GREENROOM_ALLOW_PRIVATE_ADDRESSES: 'true' };

let rooms = 0;

export async function startLiveStage(): Promise<LiveStage> {
  const livekit = await startLiveKitServer();
  const system = await startSystem({ env: { GREENROOM_ALLOW_INSECURE_URLS: 'true' } });
  const present: { leave(): Promise<void> }[] = [];

  async function create({ transport, grant, secret, ...fields }: LiveSession = {}) {
    const room = transport?.room_name ?? `stage-${(rooms += 1)}`;
    const token = await livekit.token(AVATAR, room, {
      ...(grant !== undefined && { grant }),
      ...(secret !== undefined && { secret }),
    });
    const session = await system.live.sessions.create({
      avatar_id: 'av_stock_001',
      idle_timeout_seconds: 60,
      ...fields,
      transport: { type: 'livekit', url: livekit.url, room_name: room, worker_token: token, ...transport },
    });
    return { id: session.id, room };
  }

  async function visitor(room: string, identity: string, grant: VideoGrant = {}) {
    const audience = await Audience.join(livekit.url, await livekit.token(identity, room, { grant }));
    present.push(audience);
    return audience;
  }

  return {
    livekit,
    system,
    create,
    visitor,
    startWorker: (slots = 20) => system.startWorker({ ...ENV, GREENROOM_SLOTS: `livekit=${slots}` }),
    async onStage(fields = {}) {
      const { id, room } = await create(fields);
      const audience = await visitor(room, 'visitor');
      await system.live.sessions.waitFor(id, ['running'], { timeoutMs: 20_000, pollIntervalMs: 50 });
      await until(() => audience.sights.length > 25, 20_000);
      return { id, room, audience };
    },
    async agent(room) {
      const agent = await startAgent(livekit.url, await livekit.token('agent', room), AVATAR);
      present.push(agent);
      return agent;
    },
    hasLeft: (room) =>
      livekit.rooms.listParticipants(room).then(
        (participants) => participants.every(({ identity }) => identity !== AVATAR),
        // The room is gone too.
        () => true,
      ),
    async clear() {
      await Promise.all(present.splice(0).map((one) => one.leave()));
    },
    async [Symbol.asyncDispose]() {
      await system[Symbol.asyncDispose]();
      await livekit[Symbol.asyncDispose]();
      await dispose();
    },
  };
}
