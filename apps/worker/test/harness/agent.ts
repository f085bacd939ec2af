import { until } from '@greenroom/testing';

import type { FromAgent, ToAgent } from './agent-messages.ts';
import { runProgram } from './program.ts';

type AgentEvent = FromAgent & { atMs: number };

/** An agent built on the LiveKit Agents framework, in the room. */
export interface Agent {
  /** What its audio output told it, of one kind and in order. */
  heard<Kind extends FromAgent['kind']>(kind: Kind): Extract<AgentEvent, { kind: Kind }>[];
  /** Sends so much of a tone as one utterance. */
  say(seconds: number, options?: { hertz?: number }): void;
  interrupt(): void;
  leave(): Promise<void>;
}

export async function startAgent(url: string, token: string, avatar: string): Promise<Agent> {
  const program = runProgram('worker/test/harness/agent-program.ts', {}, [url, token, avatar]);
  const events: AgentEvent[] = [];
  program.process.on('message', (message: FromAgent) => {
    events.push({ ...message, atMs: performance.now() });
  });
  const tell = (message: ToAgent): void => {
    program.process.send(message);
  };
  const heard = <Kind extends FromAgent['kind']>(kind: Kind) =>
    events.filter((event): event is Extract<AgentEvent, { kind: Kind }> => event.kind === kind);
  await Promise.race([
    until(() => heard('joined').length > 0, 20_000),
    program.exited.then(() => {
      throw new Error(`The agent ended and said: ${program.output()}`);
    }),
  ]);
  return {
    heard,
    say: (seconds, { hertz = 300 } = {}) => tell({ kind: 'say', seconds, hertz }),
    interrupt: () => tell({ kind: 'interrupt' }),
    async leave() {
      tell({ kind: 'leave' });
      await program.exited;
    },
  };
}
