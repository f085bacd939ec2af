import { readFileSync } from 'node:fs';

import type { OpenApiDocument } from '@greenroom/contract/document';

import { html } from '../html.ts';
import { stockPictures } from '../pages/stock-pictures.ts';
import { bundled, named, type SiteFile } from './assets.ts';
import { layout } from './layout.ts';
import type { Frame } from './page-html.ts';
import { withRelativeLinks } from './relative.ts';

const PATH = '/playground/';
const CLIPS = [
  { name: 'greeting', text: 'Hello! It is good to see you.' },
  { name: 'directions', text: 'Take the second street on the left.' },
  { name: 'peppers', text: 'Peter Piper picked a peck …' },
];

/** Returns the playground, with its scripts and sample clips. */
export async function playgroundPage(document: OpenApiDocument, frame: Frame): Promise<SiteFile[]> {
  const [script, microphone, style] = await Promise.all([
    bundled('browser/playground/playground.ts'),
    bundled('browser/playground/microphone.js'),
    bundled('theme/playground.css'),
  ]);
  const clips = CLIPS.map(({ name, text }) => ({ text, file: named(name, 'mp3', recording(name)) }));
  const page = layout({
    ...frame,
    path: PATH,
    title: 'Playground',
    description: 'See an avatar in your browser, and hear it repeat what you say.',
    head: html`<link rel="stylesheet" href="/${style.path}" />
      <script defer src="/${script.path}"></script>`,
    data: { microphone: `/${microphone.path}`, reasons: JSON.stringify(reasonsOf(document)) },
    // The sockets of workers, whose addresses only the API knows, and pictures that were fetched with a key.
    sources: { connect: 'ws: wss:', img: 'blob:' },
    main: html`<div class="page playground" data-state="idle">
      <header class="title">
        <p class="section">Playground</p>
        <h1>Talk through an avatar</h1>
        <p class="lead">
          Choose a face and start. It repeats what you say, or speaks a sample clip.
          <a href="/guides/see-an-avatar/">The guide</a> has the code to copy.
        </p>
      </header>
      <noscript><p>The playground needs JavaScript.</p></noscript>
      <div class="stage">
        <img src="${stockPictures()[0]?.path ?? ''}" width="512" height="512" alt="" />
        <canvas id="face" width="512" height="512" role="img" aria-label="The avatar"></canvas>
      </div>
      <div class="controls">
        <p id="status" role="status">Not started.</p>
        <dl id="cost" class="facts" hidden></dl>
        <form id="call">
          <fieldset id="choice">
            <legend class="hidden">Before you start</legend>
            <label class="key" for="key">API key</label>
            <input
              id="key"
              type="password"
              autocomplete="off"
              spellcheck="false"
              placeholder="sk_test_…"
              aria-describedby="key-hint"
            />
            <p class="hint" id="key-hint">
              Calls with a test key, such as the one that the server printed when it started, are free. Calls
              with a live key cost credits. The key stays in this tab.
            </p>
            <div role="radiogroup" aria-label="Avatar" id="avatars">
              ${stockPictures().map(
                ({ avatarId, path }, index) =>
                  html`<label
                    ><input
                      type="radio"
                      name="avatar"
                      value="${avatarId}"
                      ${index === 0 && html`checked`}
                    /><img src="${path}" width="512" height="512" alt="" /><span>${avatarId}</span></label
                  > `,
              )}
            </div>
          </fieldset>
          <div class="buttons">
            <button id="start" type="submit">Start</button>
            <button id="reconnect" type="button" hidden>Reconnect</button>
            <button id="end" type="button" hidden>End</button>
          </div>
        </form>
        <fieldset id="talk" hidden disabled>
          <legend>Speech</legend>
          <div class="buttons">
            <button id="microphone" type="button" aria-pressed="false">Microphone</button>
            <button id="interrupt" type="button">Interrupt</button>
          </div>
          <p class="hint" id="clips-hint">Or a sample clip:</p>
          <ul id="clips" aria-labelledby="clips-hint">
            ${clips.map(({ text, file }) => html`<li><button type="button" data-clip="/${file.path}">${text}</button></li> `)}
          </ul>
        </fieldset>
      </div>
    </div>`,
  });
  return [
    script,
    microphone,
    style,
    ...clips.map(({ file }) => file),
    { path: `${PATH.slice(1)}index.html`, content: withRelativeLinks(page, PATH) },
  ];
}

function recording(name: string): Buffer {
  return readFileSync(new URL(`../browser/playground/clips/${name}.mp3`, import.meta.url));
}

/** Returns the document's sentences about the reasons of a session's events. */
function reasonsOf(document: OpenApiDocument): unknown {
  const reason: object = document.components.schemas['SessionEvent']?.properties?.['reason'] ?? {};
  return 'x-reasons' in reason ? reason['x-reasons'] : {};
}
