import { addresses } from '../api/addresses.ts';

/** The code of a session's failure, with a link to the portal's page about it. */
export function FailureLink({ code }: { code: string }) {
  return (
    <a href={addresses.failurePage(code)} className="failure-link">
      <code>{code}</code>
    </a>
  );
}
