import { Menu } from '@base-ui/react/menu';
import { lifecycle, type SessionStatusFilter } from '@greenroom/contract';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';

import { queries } from '../../api/queries.ts';
import { useGreenroom } from '../../api/sign-in.ts';
import { Button } from '../../components/button.tsx';
import { DayField } from '../../components/day-field.tsx';
import { Icon } from '../../components/icon.tsx';
import { dayAfter, dayBefore, instantOf } from './days.ts';
import type { SessionsSearch } from './routes.ts';
import { statusesOf } from './status-filter.ts';

const SHORTCUTS = [
  { name: 'All', status: undefined },
  { name: 'Active', status: ['active'] },
  { name: 'Failed', status: ['failed'] },
  { name: 'Over', status: ['terminal'] },
] as const;

/** A session is created and queued at once, so the list never has one that is only created. */
const STATUSES = [...lifecycle.live, ...lifecycle.terminal].filter((status) => status !== 'created');

/** The filters of the list. Each change navigates to a new address. */
export function SessionFilters({ search }: { search: SessionsSearch }) {
  const navigate = useNavigate();
  const change = (changes: SessionsSearch) => {
    navigate({ to: '/sessions', search: { ...search, ...changes } }).catch(reportError);
  };
  const hasMore = Object.keys(search).some((name) => name !== 'status');
  return (
    <div className="filters">
      <nav className="tabs" aria-label="Filter by status">
        {SHORTCUTS.map(({ name, status }) => (
          <Link
            key={name}
            to="/sessions"
            search={{ ...search, status }}
            activeOptions={{ exact: true, includeSearch: true }}
            className="tab"
          >
            {name}
          </Link>
        ))}
      </nav>
      <div className="filter-fields">
        <StatusMenu value={search.status ?? []} onChange={(status) => change({ status })} />
        <AvatarField value={search.avatar_id} onChange={(avatar_id) => change({ avatar_id })} />
        <DayField
          name="From"
          value={search.created_after === undefined ? '' : dayAfter(search.created_after)}
          onChange={(day) => change({ created_after: instantOf(day, 0) })}
        />
        <DayField
          name="To"
          value={search.created_before === undefined ? '' : dayBefore(search.created_before)}
          onChange={(day) => change({ created_before: instantOf(day, 1) })}
        />
        {hasMore && (
          <Link to="/sessions" search={{ status: search.status }} className="clear">
            Clear
          </Link>
        )}
      </div>
    </div>
  );
}

interface FieldProps<Value> {
  value: Value;
  onChange: (value: Value) => void;
}

function StatusMenu({ value, onChange }: FieldProps<readonly SessionStatusFilter[]>) {
  const single = statusesOf(value);
  const toggle = (status: SessionStatusFilter, isChosen: boolean) => {
    const chosen = STATUSES.filter((each) => (each === status ? isChosen : single.includes(each)));
    onChange(chosen.length === STATUSES.length ? [] : chosen);
  };
  const name = value.length === 0 ? 'Any status' : value.join(', ');
  return (
    <Menu.Root modal={false}>
      <Menu.Trigger render={<Button />}>
        <span className="cut">{name}</span>
        <Icon name="down" />
      </Menu.Trigger>
      <Menu.Portal>
        <Menu.Positioner sideOffset={6} align="start" className="positioner">
          <Menu.Popup className="menu">
            {STATUSES.map((status) => (
              <Menu.CheckboxItem
                key={status}
                className="menu-item"
                checked={single.includes(status)}
                onCheckedChange={(isChosen) => toggle(status, isChosen)}
              >
                {status}
                <Menu.CheckboxItemIndicator className="menu-mark">
                  <Icon name="check" />
                </Menu.CheckboxItemIndicator>
              </Menu.CheckboxItem>
            ))}
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  );
}

function AvatarField({ value, onChange }: FieldProps<string | undefined>) {
  const { data: avatars = [] } = useQuery(queries.everyAvatar(useGreenroom()));
  const isListed = value === undefined || avatars.some(({ id }) => id === value);
  return (
    <select
      className="input select"
      aria-label="Avatar"
      value={value ?? ''}
      onChange={(event) => onChange(event.target.value === '' ? undefined : event.target.value)}
    >
      <option value="">Any avatar</option>
      {!isListed && <option value={value}>{value}</option>}
      {avatars.map(({ id, name }) => (
        <option key={id} value={id}>
          {name}
        </option>
      ))}
    </select>
  );
}
