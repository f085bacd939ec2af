import { Dialog } from '@base-ui/react/dialog';
import { Link, Outlet, useRouter, useRouterState } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';

import { LiveUpdates } from '../api/live.tsx';
import { useOwnKey } from '../api/own-key.ts';
import { useEndReason, useSignIn } from '../api/sign-in.ts';
import { Icon } from '../components/icon.tsx';
import { dateTimeText, RelativeTime, useNow } from '../components/relative-time.tsx';
import { AccountMenu } from './account-menu.tsx';
import { LiveBadge, ModeBadge, PlanBadge } from './header-badges.tsx';
import { Logo } from './logo.tsx';
import { Navigation } from './navigation.tsx';
import { returnPath } from './shell-route.ts';

const KEY_NOTICE_MS = 7 * 86_400_000;

/** The frame of every page: navigation, header, and the main part. */
export function Shell() {
  const signIn = useSignIn();
  const reason = useEndReason();
  const router = useRouter();
  useEffect(() => {
    if (signIn !== null) return;
    // After signing out, a reader starts over. After a rejected key, a reader continues on the same page.
    const to = reason === null ? undefined : returnPath(router.state.location);
    router.navigate({ to: '/sign-in', search: { to } }).catch(reportError);
  }, [signIn, reason, router]);
  if (signIn === null) return null;
  return (
    <LiveUpdates key={signIn.mode}>
      <Frame mode={signIn.mode} />
    </LiveUpdates>
  );
}

function Frame({ mode }: { mode: 'test' | 'live' }) {
  const main = useRef<HTMLElement>(null);
  const focusMain = () => main.current?.focus();
  useFocusOnNavigation(focusMain);
  return (
    <div className="shell" data-mode={mode}>
      <button type="button" className="skip" onClick={focusMain}>
        Skip to content
      </button>
      <aside className="side">
        <Logo />
        <Navigation />
      </aside>
      <header className="top">
        <PhoneMenu />
        <ModeBadge mode={mode} />
        <PlanBadge />
        <span className="space" />
        <LiveBadge />
        <AccountMenu />
      </header>
      <main ref={main} id="main" tabIndex={-1}>
        <KeyNotice />
        <Outlet />
      </main>
    </div>
  );
}

/** Moves the focus to the new page, as a browser does, so that the keyboard and a screen reader continue there. */
function useFocusOnNavigation(focus: () => void) {
  const path = useRouterState({ select: (state) => state.resolvedLocation?.pathname });
  const previous = useRef(path);
  useEffect(() => {
    if (previous.current !== undefined && previous.current !== path) focus();
    previous.current = path;
  });
}

function PhoneMenu() {
  const [isOpen, setOpen] = useState(false);
  return (
    <Dialog.Root open={isOpen} onOpenChange={setOpen}>
      <Dialog.Trigger className="icon-button phone-only" aria-label="Menu">
        <Icon name="menu" />
      </Dialog.Trigger>
      <Dialog.Portal>
        <Dialog.Backdrop className="backdrop" />
        <Dialog.Popup className="drawer">
          <div className="drawer-top">
            <Dialog.Title className="drawer-title" render={<span />}>
              <Logo />
            </Dialog.Title>
            <Dialog.Close className="icon-button" aria-label="Close">
              <Icon name="close" />
            </Dialog.Close>
          </div>
          <Navigation onNavigate={() => setOpen(false)} />
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

/** Says that the key in use expires within a week. */
function KeyNotice() {
  const expires = useOwnKey()?.expires_at ?? null;
  const nowMs = useNow();
  if (expires === null || Date.parse(expires) - nowMs > KEY_NOTICE_MS) return null;
  return (
    <p className="key-notice notice" role="status">
      Your key expires <RelativeTime time={expires} />, on {dateTimeText(expires)}, and then you are signed
      out. <Link to="/developers">Rotate it</Link>, or sign in with another key.
    </p>
  );
}
