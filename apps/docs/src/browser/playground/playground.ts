/** The script of the playground: a call with an avatar, from the choice of the avatar to what it cost. */
import type { Greenroom, Schemas } from '@greenroom/client';

import { AvatarCall } from './avatar-call.js';
import { chosenAvatar, showAvatars, showPoster, wireAvatars } from './avatars.ts';
import { sayClip } from './clips.ts';
import { element } from './element.ts';
import { currentClient, currentKey, wireKey } from './key.ts';
import { microphoneProblem, reasonAgainstMicrophone } from './microphone-problem.ts';
import { showOutcome } from './outcome.ts';
import { showError, showStatus } from './status.ts';

type State = 'idle' | 'connecting' | 'live' | 'lost' | 'ending';

const OVER = ['ended', 'failed', 'canceled'] as const;
const READY = 'Connected. Play a sample clip, or turn the microphone on and speak.';

/** A call that has been started, and its session once it was created. */
interface Running {
  call: AvatarCall;
  greenroom: Greenroom;
  isTest: boolean;
  created: Schemas['PipecatSession'] | null;
  /** Cancels the creation of the session. */
  cancel: AbortController;
  /** Whether the browser asks for the microphone. */
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
    if (persisted && running !== null) finish(running).catch(showError);
  });
  showState('idle');
});

function onClick(selector: string, action: () => Promise<void>): void {
  element(selector, HTMLButtonElement).addEventListener('click', () => {
    action().catch(showError);
  });
}

/** Offers the avatars of a key that was entered, or says what is wrong with it. */
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

/** Shows what can be done now. */
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
  // A control that is gone passes the focus on.
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
  showStatus('Connecting. A worker is taking the session …');
  const face = element('#face', HTMLCanvasElement);
  // Clears the last picture of the call before.
  face.width = 512;
  const call = new AvatarCall(face, (state, error) => {
    if (running?.call === call) follow(running, state, error);
  });
  const isTest = currentKey()?.startsWith('sk_test_') === true;
  const mine: Running = {
    call,
    greenroom,
    isTest,
    created: null,
    cancel: new AbortController(),
    isAsking: false,
  };
  running = latest = mine;
  try {
    const options = { maxRetries: 0, signal: mine.cancel.signal, idempotencyKey: randomKey() };
    mine.created = await greenroom.pipecatSessions.create({ avatar_id: chosenAvatar() }, options);
    call.connect(mine.created.relay);
  } catch (error) {
    // Without a socket, only this frees its worker.
    if (mine.created !== null) greenroom.sessions.end(mine.created.session.id).catch(() => undefined);
    await leave(mine);
    if (mine.cancel.signal.aborted) showStatus('Cancelled.');
    else showError(error);
  }
}

/** Not `crypto.randomUUID`, which pages at plain http:// from another machine do not have. */
function randomKey(): string {
  return crypto.getRandomValues(new Uint32Array(4)).join('-');
}

function follow(mine: Running, state: string, error?: { code: string; message: string }): void {
  const stage = element('.stage', HTMLElement);
  if (state === 'ready') {
    showState('live');
    showStatus(READY);
  } else if (state === 'error') {
    showStatus(`${error?.message ?? ''} (${error?.code ?? ''})`, 'problem');
  } else if (state === 'closed') {
    finish(mine).catch(showError);
  } else {
    stage.dataset['voice'] = state;
  }
}

/** After the socket has closed: tells why the session is over, or else offers to connect again. */
async function finish(mine: Running): Promise<void> {
  const { greenroom, created } = mine;
  if (created === null) return;
  let session;
  try {
    session = await greenroom.sessions.get(created.session.id);
  } catch (error) {
    // The network that the connection was lost with.
    if (running !== mine) return;
    await mute(mine);
    showState('lost');
    showError(error);
    return;
  }
  if (running !== mine) return;
  if (session.status === 'starting' || session.status === 'running') {
    await mute(mine);
    showState('lost');
    showStatus('The connection was lost. Reconnect soon: the session waits for half a minute.', 'problem');
    return;
  }
  await leave(mine);
  const isCurrent = () => running === null && latest === mine;
  try {
    const over = await greenroom.sessions.waitFor(session.id, OVER);
    await showOutcome(greenroom, over, { isTest: mine.isTest, isCurrent });
  } catch (error) {
    if (isCurrent()) showError(error);
  }
}

function reconnect(): void {
  if (running?.created === null || running === null) return;
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
    // Its worker ends it too, if it is connected.
    await leave(mine);
    throw error;
  }
  await finish(mine);
}

/** Closes what the call has open. */
async function leave(mine: Running): Promise<void> {
  if (running !== mine) return;
  running = null;
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

/** Whether a call ended, or lost its connection, while something was waited for. */
function isOver(mine: Running): boolean {
  return running !== mine || element('#talk', HTMLFieldSetElement).disabled;
}

function showMicrophone(isOn: boolean): void {
  element('#microphone', HTMLButtonElement).setAttribute('aria-pressed', String(isOn));
}
