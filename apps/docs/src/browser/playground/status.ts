import { GreenroomError } from '@greenroom/client';

import { element } from './element.ts';

/** A link to the page about a message. */
interface MessageLink {
  text: string;
  href: string;
}

/** Shows the state of the page, and announces it to screen readers. */
export function showStatus(text: string, tone: 'plain' | 'problem' = 'plain', link?: MessageLink): void {
  const status = element('#status', HTMLElement);
  status.dataset['tone'] = tone;
  status.replaceChildren(text);
  if (link === undefined) return;
  const anchor = document.createElement('a');
  anchor.href = link.href;
  anchor.textContent = link.text;
  status.append(' ', anchor);
}

/** Shows why something failed, with a link to the page about an error of the API. */
export function showError(error: unknown): void {
  if (!(error instanceof GreenroomError)) {
    showStatus(`This page failed: ${error instanceof Error ? error.message : String(error)}`, 'problem');
  } else if (error.requestId === null) {
    showStatus(error.message, 'problem');
  } else {
    showStatus(error.message, 'problem', pageAbout('errors', error.code));
  }
}

/** Returns the link to the page about a code. */
export function pageAbout(kind: 'errors' | 'failures', code: string): MessageLink {
  return { text: `About ${code}`, href: `${document.body.dataset['base'] ?? ''}${kind}/${code}/` };
}
