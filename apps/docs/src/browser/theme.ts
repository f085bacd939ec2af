import { THEME_KEY } from '@greenroom/pages';

type Theme = 'light' | 'dark';

/** Dispatched when the theme changes. */
export const THEME_EVENT = 'greenroom:theme';

/** The reader's choice, or else the system's. */
export function currentTheme(): Theme {
  const chosen = stored();
  if (chosen === 'light' || chosen === 'dark') return chosen;
  return matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light';
}

export function applyTheme(): void {
  document.documentElement.dataset['theme'] = currentTheme();
}

export function wireThemeSwitch(): void {
  const button = document.querySelector<HTMLButtonElement>('button.theme');
  const show = () => {
    applyTheme();
    button?.setAttribute('aria-pressed', String(currentTheme() === 'dark'));
    document.dispatchEvent(new Event(THEME_EVENT));
  };
  show();
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', show);
  button?.addEventListener('click', () => {
    store(currentTheme() === 'dark' ? 'light' : 'dark');
    show();
  });
}

// A page opened from a file, or with storage blocked, has none.
function stored(): string | null {
  try {
    return localStorage.getItem(THEME_KEY);
  } catch {
    return null;
  }
}

function store(theme: Theme): void {
  try {
    localStorage.setItem(THEME_KEY, theme);
  } catch {
    document.documentElement.dataset['theme'] = theme;
  }
}
