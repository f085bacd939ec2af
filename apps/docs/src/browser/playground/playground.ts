/** The script of the playground: a call with an avatar, from the choice of the avatar to what it cost. */
import { GreenroomError, terminalStatuses, type Greenroom, type Schemas } from '@greenroom/client';

import { AvatarCall } from './avatar-call.js';
import { chosenAvatar, showAvatars, showPoster, wireAvatars } from './avatars.ts';
import { sayClip } from './clips.ts';
import { element } from './element.ts';
import { currentClient, currentKey, wireKey } from './key.ts';
import { microphoneProblem, reasonAgainstMicrophone } from './microphone-problem.ts';
import { showOutcome } from './outcome.ts';
import { showError, showStatus } from './status.ts';

type State = 'idle' | 'connecting' | 'live' | 'lost' | 'ending';

/** The code with which a worker closes the connection after a normal end. */
const CLOSED_NORMALLY = 1000;
/** How long the session may take to end after that. */
const END_TIMEOUT_MS = 15_000;
/** Polling interval of a session without a connection. */
const POLL_INTERVAL_MS = 3_000;
const READY = 'Connected. Play a sample clip, or turn the microphone on and speak.';

/** A call that has been started, and its session once it was created. */
interface Running {
  call: AvatarCall;
  greenroom: Greenroom;
  isTest: boolean;
  created: Schemas['PipecatSession'] | null;
  /** Cancels the creation of the session. */
  cancel: AbortController;
  /** Cancels the wait for the end of a session without a connection. */
  waiting: AbortController | null;
  /** Whether the browser is asking for the microphone. */
  isAsking: boolean;
}

let running: Running | null = null;
/** The call that was started last. */
let latest: Running | null = null;

document.addEventListener('DOMContentLoaded', () => {
  wireKey(() => {
    const greenroom = currentClient();
    if (greenroom !== null) connectKey(greenroom).catch(showError);
  });
  wireAvatars(showPoster);
  element('#call', HTMLFormElement).addEventListener('submit', (event) => {
    event.preventDefault();
    start().catch(showError);
  });
  onClick('#end', end);
  onClick('#reconnect', async () => reconnect());
  onClick('#microphone', toggleMicrophone);
  onClick('#interrupt', async () => {
    running?.call.interrupt();
    showStatus('Interrupted.');
  });
  for (const clip of document.querySelectorAll<HTMLButtonElement>('#clips button')) {
    clip.addEventListener('click', () => {
      if (running !== null) sayClip(running.call, clip.dataset['clip'] ?? '').catch(showError);
    });
  }
  window.addEventListener('pagehide', () => {
    running?.call.close().catch(() => undefined);
  });
  window.addEventListener('pageshow', ({ persisted }) => {
    if (persisted && running !== null) finish(running, CLOSED_NORMALLY).catch(showError);
  });
  showState('idle');
});

function onClick(selector: string, action: () => Promise<void>): void {
  element(selector, HTMLButtonElement).addEventListener('click', () => {
    action().catch(showError);
  });
}

/** Offers the avatars of an entered key, or shows the problem with it. */
async function connectKey(greenroom: Greenroom): Promise<void> {
  const key = currentKey();
  const isCurrent = () => currentKey() === key;
  try {
    await showAvatars(greenroom, isCurrent);
    if (!isCurrent() || running !== null) return;
    showPoster();
    showStatus('Ready. Press Start.');
  } catch (error) {
    if (isCurrent() && running === null) showError(error);
  }
}

/** Shows the controls of a state. */
function showState(state: State): void {
  const [start, end] = [element('#start', HTMLButtonElement), element('#end', HTMLButtonElement)];
  const reconnecting = element('#reconnect', HTMLButtonElement);
  const focused = document.activeElement;
  const isIdle = state === 'idle';
  element('.playground', HTMLElement).dataset['state'] = state;
  element('#choice', HTMLFieldSetElement).hidden = !isIdle;
  element('#talk', HTMLFieldSetElement).hidden = isIdle;
  element('#talk', HTMLFieldSetElement).disabled = state !== 'live';
  reconnecting.hidden = state !== 'lost';
  end.textContent = state === 'connecting' ? 'Cancel' : 'End';
  start.hidden = !isIdle;
  end.hidden = isIdle;
  // Moves the focus on from a control that has disappeared.
  if (focused?.closest('.playground') && (focused.closest('[hidden]') || focused.matches(':disabled'))) {
    (isIdle ? start : state === 'lost' ? reconnecting : end).focus();
  }
}

async function start(): Promise<void> {
  const greenroom = currentClient();
  if (greenroom === null) {
    showStatus('Paste an API key. `start` prints a test key, which costs nothing.', 'problem');
    element('#key', HTMLInputElement).focus();
    return;
  }
  element('#cost', HTMLElement).hidden = true;
  showState('connecting');
  showStatus('Connecting. Waiting for a worker …');
  const face = element('#face', HTMLCanvasElement);
  // Clears the last picture of the previous call.
  face.width = 512;
  const call = new AvatarCall(face, (state, detail) => {
    if (running?.call === call) follow(running, state, detail);
  });
  const isTest = currentKey()?.startsWith('sk_test_') === true;
  const mine: Running = {
    call,
    greenroom,
    isTest,
    created: null,
    cancel: new AbortController(),
    waiting: null,
    isAsking: false,
  };
  running = latest = mine;
  try {
    const options = { maxRetries: 0, signal: mine.cancel.signal };
    mine.created = await greenroom.pipecatSessions.create({ avatar_id: chosenAvatar() }, options);
    call.connect(mine.created.relay);
  } catch (error) {
    // Without a socket, only this releases the worker.
    if (mine.created !== null) greenroom.sessions.end(mine.created.session.id).catch(() => undefined);
    await leave(mine);
    if (mine.cancel.signal.aborted) showStatus('Cancelled.');
    else showError(error);
  }
}

function follow(mine: Running, state: string, detail?: { code: string | number; message?: string }): void {
  const stage = element('.stage', HTMLElement);
  if (state === 'ready') {
    showState('live');
    showStatus(READY);
  } else if (state === 'error') {
    showStatus(`${detail?.message ?? ''} (${detail?.code ?? ''})`, 'problem');
  } else if (state === 'closed') {
    finish(mine, detail?.code).catch(showError);
  } else {
    stage.dataset['voice'] = state;
  }
}

/**
 * Runs after the socket has closed: shows why the session is over, once it is. Until then, offers to reconnect; after a
 * normal end, only if the session is not over within `END_TIMEOUT_MS`.
 */
async function finish(mine: Running, closeCode?: string | number): Promise<void> {
  const { greenroom, created } = mine;
  if (created === null) return;
  mine.waiting?.abort();
  const waiting = (mine.waiting = new AbortController());
  const isCancelled = () => waiting.signal.aborted;
  await mute(mine);
  if (isCancelled()) return;
  const lose = () => {
    showState('lost');
    showStatus('The connection was lost. Reconnect soon: the session waits for half a minute.', 'problem');
  };
  let timer: number | undefined;
  if (closeCode === CLOSED_NORMALLY) {
    showState('ending');
    showStatus('The call is over …');
    timer = setTimeout(lose, END_TIMEOUT_MS);
  } else {
    lose();
  }
  try {
    await untilOver(greenroom, created.session.id, waiting.signal);
  } catch (error) {
    if (isCancelled()) return;
    showState('lost');
    throw error;
  } finally {
    clearTimeout(timer);
  }
  await leave(mine);
  await tellOutcome(mine);
}

/** Waits for the end of a session, even while the network is down. */
async function untilOver(greenroom: Greenroom, id: string, signal: AbortSignal): Promise<void> {
  for (;;) {
    try {
      await greenroom.sessions.waitFor(id, terminalStatuses, { signal, pollIntervalMs: POLL_INTERVAL_MS });
      return;
    } catch (error) {
      // A retry would fail with the same error, such as that of a revoked key.
      const isFinal = error instanceof GreenroomError && (error.status ?? 500) < 500;
      if (signal.aborted || isFinal) throw error;
      await new Promise((resolve) => setTimeout(resolve, POLL_INTERVAL_MS));
    }
  }
}

/** Shows why the session of an ended call is over, and its cost. */
async function tellOutcome(mine: Running): Promise<void> {
  const { greenroom, created, isTest } = mine;
  if (created === null) return;
  const isCurrent = () => running === null && latest === mine;
  try {
    const over = await greenroom.sessions.waitFor(created.session.id, terminalStatuses);
    await showOutcome(greenroom, over, { isTest, isCurrent });
  } catch (error) {
    if (isCurrent()) showError(error);
  }
}

function reconnect(): void {
  if (running?.created === null || running === null) return;
  running.waiting?.abort();
  showState('connecting');
  showStatus('Connecting again …');
  running.call.connect(running.created.relay);
}

async function end(): Promise<void> {
  const mine = running;
  if (mine === null) return;
  const { greenroom, created } = mine;
  if (created === null) {
    mine.cancel.abort();
    return;
  }
  showState('ending');
  showStatus('Ending …');
  await mute(mine);
  try {
    await greenroom.sessions.end(created.session.id);
  } catch (error) {
    // Closing the connection ends the session too, through its worker.
    await leave(mine);
    throw error;
  }
  // Otherwise the connection closed first, and the outcome is shown already.
  if (running !== mine) return;
  await leave(mine);
  await tellOutcome(mine);
}

/** Closes the call, if it is still running, and shows the idle state. */
async function leave(mine: Running): Promise<void> {
  if (running !== mine) return;
  running = null;
  mine.waiting?.abort();
  showMicrophone(false);
  delete element('.stage', HTMLElement).dataset['voice'];
  try {
    await mine.call.close();
  } finally {
    showState('idle');
  }
}

async function mute(mine: Running): Promise<void> {
  showMicrophone(false);
  await mine.call.mute();
}

async function toggleMicrophone(): Promise<void> {
  const mine = running;
  const button = element('#microphone', HTMLButtonElement);
  if (mine === null || mine.isAsking) return;
  if (button.getAttribute('aria-pressed') === 'true') {
    await mute(mine);
    showStatus('The microphone is off.');
    return;
  }
  const problem = reasonAgainstMicrophone();
  if (problem !== null) {
    showStatus(problem, 'problem');
    return;
  }
  showStatus('Asking for the microphone …');
  mine.isAsking = true;
  try {
    await mine.call.listen(document.body.dataset['microphone'] ?? '');
    if (isOver(mine)) {
      await mine.call.mute();
      return;
    }
    showMicrophone(true);
    showStatus(
      'The microphone is on. The avatar repeats what you say. Use headphones, so that it does not hear itself.',
    );
  } catch (error) {
    await mine.call.mute();
    if (!isOver(mine)) showStatus(microphoneProblem(error), 'problem');
  } finally {
    mine.isAsking = false;
  }
}

/** Returns whether a call ended or lost its connection during a wait. */
function isOver(mine: Running): boolean {
  return running !== mine || element('#talk', HTMLFieldSetElement).disabled;
}

function showMicrophone(isOn: boolean): void {
  element('#microphone', HTMLButtonElement).setAttribute('aria-pressed', String(isOn));
}
