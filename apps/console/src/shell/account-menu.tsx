import { Menu } from '@base-ui/react/menu';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';

import { endSignIn, otherMode, switchMode, useSignIn, type Mode } from '../api/sign-in.ts';
import { Icon } from '../components/icon.tsx';
import { AddKey } from './add-key.tsx';
import { useTheme, type Theme } from './theme.ts';

const THEMES: readonly { value: Theme; name: string }[] = [
  { value: 'system', name: 'As the system' },
  { value: 'light', name: 'Light' },
  { value: 'dark', name: 'Dark' },
];
const MODES: readonly { value: Mode; name: string }[] = [
  { value: 'test', name: 'Test mode' },
  { value: 'live', name: 'Live mode' },
];

/** A menu to choose the mode and the theme, to add a key of the other mode, and to sign out. */
export function AccountMenu() {
  const [theme, setTheme] = useTheme();
  const signIn = useSignIn();
  const queryClient = useQueryClient();
  const change = (mode: Mode) => {
    switchMode(mode);
    queryClient.clear();
  };
  const leave = () => {
    endSignIn();
    queryClient.clear();
  };
  const [isAdding, setAdding] = useState(false);
  const other = otherMode(signIn?.mode ?? 'test');
  const modes = MODES.filter(({ value }) => signIn?.keys[value] !== undefined);
  return (
    <>
      <Menu.Root modal={false}>
        <Menu.Trigger className="icon-button" aria-label="Settings and sign out">
          <Icon name="settings" />
        </Menu.Trigger>
        <Menu.Portal>
          <Menu.Positioner sideOffset={6} align="end" className="positioner">
            <Menu.Popup className="menu">
              {modes.length > 1 && (
                <Menu.RadioGroup value={signIn?.mode} onValueChange={change}>
                  <Menu.Group>
                    <Menu.GroupLabel className="menu-label">Mode</Menu.GroupLabel>
                    {modes.map(({ value, name }) => (
                      <Choice key={value} value={value} name={name} />
                    ))}
                  </Menu.Group>
                </Menu.RadioGroup>
              )}
              <Menu.RadioGroup value={theme} onValueChange={setTheme}>
                <Menu.Group>
                  <Menu.GroupLabel className="menu-label">Theme</Menu.GroupLabel>
                  {THEMES.map(({ value, name }) => (
                    <Choice key={value} value={value} name={name} />
                  ))}
                </Menu.Group>
              </Menu.RadioGroup>
              <Menu.Separator className="menu-line" />
              {modes.length < 2 && (
                <Menu.Item className="menu-item" onClick={() => setAdding(true)}>
                  Add a {other} key
                </Menu.Item>
              )}
              <Menu.Item className="menu-item" onClick={leave}>
                Sign out
              </Menu.Item>
            </Menu.Popup>
          </Menu.Positioner>
        </Menu.Portal>
      </Menu.Root>
      <AddKey mode={other} isOpen={isAdding} onClose={() => setAdding(false)} />
    </>
  );
}

function Choice({ value, name }: { value: string; name: string }) {
  return (
    <Menu.RadioItem value={value} className="menu-item">
      {name}
      <Menu.RadioItemIndicator className="menu-mark">
        <Icon name="check" />
      </Menu.RadioItemIndicator>
    </Menu.RadioItem>
  );
}
