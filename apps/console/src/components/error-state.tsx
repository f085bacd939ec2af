import { GreenroomError } from '@greenroom/client';

import { addresses } from '../api/addresses.ts';
import { Button } from './button.tsx';
import { Icon } from './icon.tsx';
import { Id } from './id.tsx';

/** Shows an error: its message, its code with a link to the portal's page, and the id of the request. */
export function ErrorState({ error, onRetry }: { error: Error; onRetry?: () => void }) {
  const known = error instanceof GreenroomError ? error : null;
  const isOfScope = known?.code === 'api_key.scope_required';
  return (
    <div className="error" role="alert">
      <p className="error-title">
        <Icon name="warn" />
        {isOfScope ? 'Your key lacks access to this' : 'This could not be loaded'}
      </p>
      <p>{known === null ? error.message : withoutLink(known.message)}</p>
      {isOfScope && (
        <p className="muted">Sign in with a key that has the scope, or create one under Developers.</p>
      )}
      {known !== null && (
        <dl className="facts">
          <dt>Code</dt>
          <dd>
            {known.status === null ? (
              <code>{known.code}</code>
            ) : (
              <a href={addresses.errorPage(known.code)}>
                <code>{known.code}</code>
              </a>
            )}
          </dd>
          {known.requestId !== null && (
            <>
              <dt>Request</dt>
              <dd>
                <Id id={known.requestId} />
              </dd>
            </>
          )}
        </dl>
      )}
      {onRetry !== undefined && <Button onClick={onRetry}>Try again</Button>}
    </div>
  );
}

/** Removes the link from a message, because the code is one. */
function withoutLink(message: string): string {
  return message.replace(/ See \S+\.$/, '');
}
