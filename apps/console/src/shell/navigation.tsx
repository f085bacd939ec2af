import { Link } from '@tanstack/react-router';

import { addresses } from '../api/addresses.ts';
import { Icon, type IconName } from '../components/icon.tsx';

const PAGES = [
  { to: '/', name: 'Now', icon: 'pulse' },
  { to: '/sessions', name: 'Sessions', icon: 'list' },
  { to: '/usage', name: 'Usage', icon: 'chart' },
  { to: '/avatars', name: 'Avatars', icon: 'face' },
  { to: '/developers', name: 'Developers', icon: 'code' },
] as const satisfies readonly { to: string; name: string; icon: IconName }[];

/** Links to the pages. `onNavigate` is called when one is followed. */
export function Navigation({ onNavigate }: { onNavigate?: () => void }) {
  return (
    <nav className="nav" aria-label="Console">
      {PAGES.map(({ to, name, icon }) => (
        <Link
          key={to}
          to={to}
          activeOptions={{ exact: to === '/' }}
          className="nav-link"
          onClick={onNavigate}
        >
          <Icon name={icon} />
          {name}
        </Link>
      ))}
      <a className="nav-link" href={addresses.playground}>
        <Icon name="play" />
        Playground
      </a>
      <a className="nav-link" href={addresses.docs}>
        <Icon name="book" />
        Documentation
      </a>
    </nav>
  );
}
