const KEY = 'greenroom.tab.';

/** Turns consecutive figures into tabs. A selection applies to all groups of the same kind that have the same tab. */
export function wireTabs(): void {
  document.querySelectorAll<HTMLElement>('.tabs').forEach(wire);
}

function wire(group: HTMLElement, groupIndex: number): void {
  const kind = group.dataset['tabs'] ?? '';
  const panels = [...group.querySelectorAll<HTMLElement>(':scope > figure')];
  const list = document.createElement('div');
  list.setAttribute('role', 'tablist');
  list.setAttribute('aria-label', kind);
  const tabs = panels.map((panel, index) => {
    const tab = document.createElement('button');
    const id = `tab-${groupIndex}-${index}`;
    tab.type = 'button';
    tab.id = id;
    tab.setAttribute('role', 'tab');
    tab.setAttribute('aria-controls', `${id}-panel`);
    const caption = panel.querySelector('figcaption');
    const title = caption?.querySelector('span');
    tab.textContent = title?.textContent ?? '';
    if (title) title.textContent = caption?.dataset['language'] ?? '';
    panel.id = `${id}-panel`;
    panel.setAttribute('role', 'tabpanel');
    panel.setAttribute('aria-labelledby', id);
    list.append(tab);
    return tab;
  });
  const select = (chosen: number) => {
    tabs.forEach((tab, index) => {
      tab.setAttribute('aria-selected', String(index === chosen));
      tab.tabIndex = index === chosen ? 0 : -1;
    });
    panels.forEach((panel, index) => (panel.hidden = index !== chosen));
  };
  tabs.forEach((tab, index) => {
    tab.addEventListener('click', () => {
      select(index);
      remember(kind, tab.textContent);
    });
    tab.addEventListener('keydown', ({ key }) => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[key];
      if (step === undefined) return;
      const next = (index + step + tabs.length) % tabs.length;
      select(next);
      tabs[next]?.focus();
    });
  });
  const title = document.createElement('p');
  title.textContent = kind;
  title.className = 'tabs-title';
  group.prepend(title, list);
  select(
    Math.max(
      0,
      tabs.findIndex(({ textContent }) => textContent === remembered(kind)),
    ),
  );
}

function remember(kind: string, choice: string | null): void {
  try {
    localStorage.setItem(KEY + kind, choice ?? '');
  } catch {
    // Without storage, the selection applies to this page only.
  }
}

function remembered(kind: string): string | null {
  try {
    return localStorage.getItem(KEY + kind);
  } catch {
    return null;
  }
}
