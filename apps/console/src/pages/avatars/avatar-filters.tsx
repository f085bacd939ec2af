import { Link, useNavigate } from '@tanstack/react-router';
import { useEffect, useState } from 'react';

import type { AvatarsSearch } from './routes.ts';

const SCOPES = [
  { name: 'All', scope: undefined },
  { name: 'Stock', scope: 'platform' },
  { name: 'Yours', scope: 'org' },
] as const;
const SEARCH_DEBOUNCE_MS = 250;

/** The filters of the gallery. Each change navigates to a new address. */
export function AvatarFilters({ search }: { search: AvatarsSearch }) {
  return (
    <div className="avatar-filters">
      <nav className="tabs" aria-label="Filter by owner">
        {SCOPES.map(({ name, scope }) => (
          <Link
            key={name}
            to="/avatars"
            search={{ ...search, scope }}
            activeOptions={{ exact: true, includeSearch: true }}
            className="tab"
          >
            {name}
          </Link>
        ))}
      </nav>
      <SearchField search={search} />
    </div>
  );
}

/** Searches when the typing pauses. */
function SearchField({ search }: { search: AvatarsSearch }) {
  const navigate = useNavigate();
  const known = search.q ?? '';
  const [previous, setPrevious] = useState(known);
  const [text, setText] = useState(known);
  /** The query last sent to the address. Typing may continue in the meantime. */
  const [sent, setSent] = useState(known);
  if (previous !== known) {
    setPrevious(known);
    setSent(known);
    // A link may also change the address.
    if (known !== sent) setText(known);
  }
  useEffect(() => {
    const q = text.trim();
    if (q === known) return undefined;
    const timer = setTimeout(() => {
      setSent(q);
      navigate({
        to: '/avatars',
        search: { ...search, q: q === '' ? undefined : q },
        replace: true,
      }).catch(reportError);
    }, SEARCH_DEBOUNCE_MS);
    return () => clearTimeout(timer);
  }, [text, known, search, navigate]);
  return (
    <input
      type="search"
      className="input"
      aria-label="Search by name or id"
      placeholder="Name or id"
      maxLength={100}
      value={text}
      onChange={(event) => setText(event.target.value)}
    />
  );
}
