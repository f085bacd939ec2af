import { ConnectionState, RoomEvent, type Room } from '@livekit/rtc-node';

/** Attribute of the token: the identity of the agent that the avatar publishes for. */
const ON_BEHALF_OF = 'lk.publish_on_behalf';
/** The RPC method by which the agent interrupts the avatar. */
const CLEAR_BUFFER = 'lk.clear_buffer';
/** Audio that arrives within this time after an interruption was sent before it. */
export const IN_FLIGHT_MS = 300;
/** An agent that reconnects leaves and joins again. */
const RETURN_TIMEOUT_MS = 2_000;

/** Returns null when the token names no agent. */
function agentOf(room: Room): string | null {
  const agent = room.localParticipant?.attributes[ON_BEHALF_OF];
  return agent === undefined || agent === '' ? null : agent;
}

/**
 * Returns whether a participant may speak through the avatar and interrupt it: anyone, unless the agent that the token
 * names is in the room; then only that agent.
 */
export function isAccepted(room: Room, identity: string): boolean {
  const agent = agentOf(room);
  return agent === null || identity === agent || !room.remoteParticipants.has(agent);
}

/** Calls `onInterrupt` when the agent interrupts the avatar. Call it before joining, so that no call is missed. */
export function receiveInterruptions(room: Room, onInterrupt: () => void): void {
  room.on(RoomEvent.ConnectionStateChanged, (state) => {
    // The participant exists from here on, before the first event of the room.
    if (state !== ConnectionState.CONN_CONNECTED) return;
    room.localParticipant?.registerRpcMethod(CLEAR_BUFFER, ({ callerIdentity }) => {
      if (!isAccepted(room, callerIdentity)) return Promise.resolve('reject');
      onInterrupt();
      return Promise.resolve('ok');
    });
  });
}

/** Calls `onLeft` when the agent that the token names has left the room and does not come back. */
export function followAgent(room: Room, signal: AbortSignal, onLeft: () => void): void {
  let timer: NodeJS.Timeout | undefined;
  let hasLeft = false;
  // While the avatar is cut off, the library reports that all participants left.
  let isCutOff = false;
  const update = () => {
    clearTimeout(timer);
    if (hasLeft && !isCutOff && !signal.aborted) timer = setTimeout(onLeft, RETURN_TIMEOUT_MS);
  };
  const follow = (event: RoomEvent.ParticipantConnected | RoomEvent.ParticipantDisconnected) => {
    room.on(event, ({ identity }) => {
      if (identity !== agentOf(room)) return;
      hasLeft = event === RoomEvent.ParticipantDisconnected;
      update();
    });
  };
  follow(RoomEvent.ParticipantConnected);
  follow(RoomEvent.ParticipantDisconnected);
  room.on(RoomEvent.Reconnecting, () => {
    isCutOff = true;
    update();
  });
  room.on(RoomEvent.Reconnected, () => {
    isCutOff = false;
    update();
  });
  signal.addEventListener('abort', () => clearTimeout(timer));
}
