import type { Greenroom, Schemas } from '@greenroom/client';

import { element } from './element.ts';
import { pageAbout, showStatus } from './status.ts';

type Session = Schemas['Session'];

/** Shows why a session is over and its cost, unless it is no longer current by then. */
export async function showOutcome(
  greenroom: Greenroom,
  session: Session,
  { isTest, isCurrent }: { isTest: boolean; isCurrent: () => boolean },
): Promise<void> {
  const [history, charges] = await Promise.all([
    greenroom.sessions.events(session.id),
    greenroom.usage.events({ session_id: session.id }),
  ]);
  if (!isCurrent()) return;
  if (session.failure === null) {
    const last = history.data.find(({ to }) => to === 'ending') ?? history.data.at(-1);
    showStatus(`The session has ended. ${reasonOf(last?.reason ?? '')}`);
  } else {
    const { code, message } = session.failure;
    showStatus(`The session has failed. ${message}`, 'problem', pageAbout('failures', code));
  }
  const credits = charges.data.reduce((sum, charge) => sum + charge.credits, 0);
  const { billable_seconds, frames } = session.usage;
  const facts: [string, string][] = [
    ['Session', session.id],
    ['Billed', `${billable_seconds} s`],
    ['Pictures', String(frames)],
    ['Credits', isTest ? '0, because test sessions are free' : String(credits)],
  ];
  const cost = element('#cost', HTMLElement);
  cost.replaceChildren(
    ...facts.map(([label, value]) => {
      const fact = document.createElement('div');
      const term = document.createElement('dt');
      term.textContent = label;
      const text = document.createElement('dd');
      text.textContent = value;
      fact.append(term, text);
      return fact;
    }),
  );
  cost.hidden = false;
}

/** Returns the document's sentence about a reason. */
function reasonOf(reason: string): string {
  const reasons = JSON.parse(document.body.dataset['reasons'] ?? '{}') as Record<string, string>;
  return reasons[reason] ?? `The reason is ${reason}.`;
}
