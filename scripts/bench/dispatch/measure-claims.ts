import { operationPaths } from '@greenroom/contract';
import { sessionCreate } from '@greenroom/testing';

/** Times in milliseconds, one for each session. */
export interface ClaimTimes {
  /** The time from the request that creates a session to the response that assigns it. */
  sinceRequestedMs: number[];
  /** The time from the response of the create, or 0 when the session was assigned before it arrived. */
  sinceCreatedMs: number[];
}

interface Options {
  url: string;
  keys: { customer: string; worker: string };
  /** How many sessions are being created at once. */
  creators: number;
  creates: number;
  signal: AbortSignal;
}

/** Claims that wait for each creator: one assigns a session while another reports that the previous one has ended. */
const CLAIMS_PER_CREATOR = 2;
/** Short, so that the last claims end soon. */
const WAIT_SECONDS = 2;
const SLOTS = 1_000;

/**
 * Measures how long sessions wait for workers that wait for them. Each creator waits for the claim of its session before
 * it creates the next one, and every session ends as soon as it was claimed. There is a worker for each creator, because
 * the server assigns to one worker one session at a time.
 */
export async function measureClaims({ url, keys, creators, creates, signal }: Options): Promise<ClaimTimes> {
  const claims = new Claims();
  const post = async (key: string, path: string, body: object): Promise<unknown> => {
    signal.throwIfAborted();
    const response = await fetch(url + path, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    if (!response.ok) throw new Error(`POST ${path} returned ${response.status}: ${await response.text()}`);
    return response.status === 204 ? null : response.json();
  };

  const times: ClaimTimes = { sinceRequestedMs: [], sinceCreatedMs: [] };
  let left = creates;
  const createInTurn = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      const body = await sessionCreate();
      const requestedAtMs = performance.now();
      const { id } = (await post(keys.customer, operationPaths['sessions.create'], body)) as { id: string };
      const createdAtMs = performance.now();
      const claimedAtMs = await claims.timeOf(id);
      times.sinceRequestedMs.push(claimedAtMs - requestedAtMs);
      times.sinceCreatedMs.push(Math.max(0, claimedAtMs - createdAtMs));
    }
  };

  let isDone = false;
  const claimInTurn = async (workerId: string): Promise<void> => {
    const path = operationPaths['workers.claim'].replace('{worker_id}', workerId);
    while (!isDone) {
      const assignment = (await post(keys.worker, path, { wait_seconds: WAIT_SECONDS })) as {
        session: { id: string };
        fence: number;
      } | null;
      if (assignment === null) continue;
      const { session, fence } = assignment;
      claims.note(session.id, performance.now());
      const report = operationPaths['assignments.report'].replace('{session_id}', session.id);
      await post(keys.worker, report, { fence, state: 'ended', frames: 0, media_ms: 0 });
    }
  };

  const workers = await Promise.all(
    Array.from({ length: creators }, async () => {
      const worker = {
        ...{ name: 'bench', runtime_type: 'simulator', version: '1' },
        ...{ qualities: ['standard'], slots: SLOTS },
      };
      return ((await post(keys.worker, operationPaths['workers.register'], worker)) as { id: string }).id;
    }),
  );
  const claiming = workers.flatMap((id) => Array.from({ length: CLAIMS_PER_CREATOR }, () => claimInTurn(id)));
  const creating = Promise.all(Array.from({ length: creators }, createInTurn)).finally(() => {
    isDone = true;
  });
  await Promise.all([creating, ...claiming]);
  return times;
}

/** When sessions were claimed. */
class Claims {
  readonly #claimed = new Map<string, number>();
  readonly #waiting = new Map<string, (atMs: number) => void>();

  note(id: string, atMs: number): void {
    this.#claimed.set(id, atMs);
    this.#waiting.get(id)?.(atMs);
  }

  /** Resolves when the session is claimed. */
  async timeOf(id: string): Promise<number> {
    return this.#claimed.get(id) ?? new Promise((resolve) => this.#waiting.set(id, resolve));
  }
}
