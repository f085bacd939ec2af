import { operationPaths, type OperationId } from '@greenroom/contract';

import { addresses } from '../../api/addresses.ts';
import type { Session } from '../../api/queries.ts';
import { CopyButton } from '../../components/copy-button.tsx';
import { isLive } from '../../session/session-times.ts';

/** The same requests for a terminal. The key is a shell variable, never this tab's key. */
export function SessionCommands({ session }: { session: Session }) {
  return (
    <section className="part">
      <h2>In a terminal</h2>
      <Command label="Retrieve the session" text={curl('sessions.get', session.id)} />
      {isLive(session) && (
        <Command label="End the session" text={curl('sessions.end', session.id, '-X POST ')} />
      )}
    </section>
  );
}

function Command({ label, text }: { label: string; text: string }) {
  return (
    <figure className="json">
      <figcaption>
        {label}
        <CopyButton text={text} label={`Copy: ${label}`} />
      </figcaption>
      <pre tabIndex={0} role="region" aria-label={label}>
        <code>{text}</code>
      </pre>
    </figure>
  );
}

function curl(operation: OperationId, id: string, options = ''): string {
  const path = operationPaths[operation].replace('{session_id}', id);
  return `curl ${options}${addresses.api}${path} -H "Authorization: Bearer $GREENROOM_API_KEY"`;
}
