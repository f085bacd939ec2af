import type { Schemas } from '@greenroom/client';
import { failureTexts } from '@greenroom/contract';

import { Icon } from '../../components/icon.tsx';
import { FailureLink } from '../../session/failure-link.tsx';

/** Why a session failed, with the portal's page about it. */
export function FailureNote({ failure: { code, message } }: { failure: Schemas['Failure'] }) {
  const texts: Readonly<Record<string, string>> = failureTexts;
  return (
    <section className="error" aria-label="Failure">
      <p className="error-title">
        <Icon name="warn" />
        {message}
      </p>
      {texts[code] !== undefined && <p className="muted">{texts[code].replaceAll('`', '')}</p>}
      <p>
        What to do: <FailureLink code={code} />
      </p>
    </section>
  );
}
