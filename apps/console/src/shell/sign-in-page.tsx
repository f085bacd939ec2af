import { useQueryClient } from '@tanstack/react-query';
import { getRouteApi, useRouter } from '@tanstack/react-router';
import { useEffect, useId, useRef, useState, type SyntheticEvent } from 'react';

import { addresses } from '../api/addresses.ts';
import {
  exchangeCode,
  modeOf,
  otherMode,
  problemOfKey,
  startSignIn,
  useEndReason,
  useRemainingSignIn,
  type SignIn,
} from '../api/sign-in.ts';
import { Button } from '../components/button.tsx';
import { usePageTitle } from '../components/page-header.tsx';
import { Logo } from './logo.tsx';

const route = getRouteApi('/sign-in');
const INVALID_CODE = 'This link is no longer valid. Run `pnpm start` again for a new one, or enter a key.';
const CODE = /^#([\w-]{22})$/;

/** Asks for an API key, or exchanges the code of the link that `start` prints. */
export function SignInPage() {
  usePageTitle('Sign in');
  const { to } = route.useSearch();
  const router = useRouter();
  const queryClient = useQueryClient();
  const reason = useEndReason();
  const remaining = useRemainingSignIn();
  const [problem, setProblem] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(CODE.test(location.hash));
  const isExchanged = useRef(false);
  const fieldId = useId();
  const problemId = useId();

  const open = (signIn: SignIn, isKept = false) => {
    queryClient.clear();
    startSignIn(signIn, { isKept });
    router.navigate({ to: to ?? '/', replace: true }).catch(reportError);
  };

  useEffect(() => {
    const code = CODE.exec(location.hash)?.[1];
    if (code === undefined || isExchanged.current) return;
    isExchanged.current = true;
    // The code must not stay in the address or in the history.
    history.replaceState(history.state, '', `${location.pathname}${location.search}`);
    exchangeCode(code)
      .then((signIn) => {
        setBusy(false);
        if (signIn === null) setProblem(INVALID_CODE);
        else open(signIn);
      })
      .catch(() => {
        setBusy(false);
        setProblem('The server could not be reached. Check that it is running, and try again.');
      });
  });

  const onSubmit = (event: SyntheticEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const key = readText(form, 'key').trim();
    const mode = modeOf(key);
    if (mode === null) {
      setProblem('An API key begins with sk_test_ or sk_live_.');
      return;
    }
    setBusy(true);
    setProblem(null);
    problemOfKey(key)
      .then((found) => {
        setBusy(false);
        setProblem(found);
        if (found === null) open({ mode, keys: { [mode]: key } }, form.get('kept') === 'on');
      })
      .catch(reportError);
  };

  return (
    <main className="sign-in">
      <section className="sign-in-card">
        <Logo />
        <h1>Sign in to the console</h1>
        <p className="muted">
          Enter one of your organisation’s API keys. A test key shows test sessions, a live key shows live
          sessions.
        </p>
        {reason !== null && problem === null && (
          <p className="notice" role="status">
            You were signed out{remaining === null ? '' : ` of ${otherMode(remaining.mode)} mode`}. {reason}
          </p>
        )}
        {remaining !== null && (
          <Button onClick={() => open(remaining)}>Continue in {remaining.mode} mode</Button>
        )}
        <form onSubmit={onSubmit}>
          <label htmlFor={fieldId}>API key</label>
          <input
            id={fieldId}
            className="input mono"
            name="key"
            type="password"
            autoComplete="off"
            spellCheck={false}
            required
            placeholder="sk_test_…"
            aria-invalid={problem !== null}
            aria-describedby={problem === null ? undefined : problemId}
          />
          <p id={problemId} className="problem" role="alert">
            {problem}
          </p>
          <label className="check">
            <input type="checkbox" name="kept" />
            <span>
              Keep me signed in on this device
              <span className="hint">Otherwise, the key is forgotten when you close the tab.</span>
            </span>
          </label>
          <Button type="submit" variant="primary" isBusy={isBusy}>
            Sign in
          </Button>
        </form>
        <p className="muted small">
          No key yet? <code>pnpm start</code> prints one, and a link that signs you in.{' '}
          <a href={addresses.docs}>Documentation</a>
        </p>
      </section>
    </main>
  );
}

function readText(form: FormData, name: string): string {
  const value = form.get(name);
  return typeof value === 'string' ? value : '';
}
