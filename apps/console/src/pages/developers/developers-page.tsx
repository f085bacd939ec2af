import { Link, Outlet } from '@tanstack/react-router';

import { PageHeader } from '../../components/page-header.tsx';
import '../sessions/sessions.css';
import './developers.css';

const TABS = [
  ['/developers', 'API keys'],
  ['/developers/webhooks', 'Webhooks'],
  ['/developers/events', 'Events'],
  ['/developers/limits', 'Limits'],
] as const;

/** The developer tools of this mode: keys, webhooks, the event log and the limits. */
export function DevelopersPage() {
  return (
    <div className="page">
      <PageHeader title="Developers" lead="Keys, webhooks, events and limits of this mode." />
      <nav className="tabs" aria-label="Developers">
        {TABS.map(([to, name]) => (
          <Link
            key={to}
            to={to}
            activeOptions={{ exact: to === '/developers', includeSearch: false }}
            className="tab"
          >
            {name}
          </Link>
        ))}
      </nav>
      <Outlet />
    </div>
  );
}
