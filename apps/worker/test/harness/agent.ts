import { until } from '@greenroom/testing';

import type { FromAgent, ToAgent } from './agent-messages.ts';
import { runProgram } from './program.ts';

type AgentEvent = FromAgent & { atMs: number };

/** An agent of the LiveKit Agents framework in a room. */
export interface Agent {
  /** Returns the events of its audio output of one kind, in order. */
  events<Kind extends FromAgent['kind']>(kind: Kind): Extract<AgentEvent, { kind: Kind }>[];
  /** Sends a tone as one utterance. */
  say(seconds: number, options?: { hertz?: number }): void;
  interrupt(): void;
  leave(): Promise<void>;
}

export async function startAgent(url: string, token: string, avatar: string): Promise<Agent> {
  const program = runProgram('worker/test/harness/agent-program.ts', {}, [url, token, avatar]);
  const received: AgentEvent[] = [];
  program.process.on('message', (message: FromAgent) => {
    received.push({ ...message, atMs: performance.now() });
  });
  const send = (message: ToAgent): void => {
    program.process.send(message);
  };
  const events = <Kind extends FromAgent['kind']>(kind: Kind) =>
    received.filter((event): event is Extract<AgentEvent, { kind: Kind }> => event.kind === kind);
  await Promise.race([
    until(() => events('joined').length > 0, 20_000),
    program.exited.then(() => {
      throw new Error(`The agent exited: ${program.output()}`);
    }),
  ]);
  return {
    events,
    say: (seconds, { hertz = 300 } = {}) => send({ kind: 'say', seconds, hertz }),
    interrupt: () => send({ kind: 'interrupt' }),
    async leave() {
      send({ kind: 'leave' });
      await program.exited;
    },
  };
}
