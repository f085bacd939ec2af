import { Link } from '@tanstack/react-router';

import { EmptyState } from './empty-state.tsx';
import { PageHeader } from './page-header.tsx';

/** The page of an address that the console does not have. */
export function NotFound() {
  return (
    <div className="page">
      <PageHeader title="Page not found" />
      <EmptyState title="The console has no page at this address.">
        <Link to="/">See what runs now</Link>
      </EmptyState>
    </div>
  );
}
