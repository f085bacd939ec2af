/**
 * Fixes accessibility problems of the renderer, which axe reports, after each rendering. Remove a fix once the renderer
 * includes it.
 */
export function patchReference(root: HTMLElement): void {
  const patch = () => {
    // Buttons of the navigation are not tabs.
    for (const button of root.querySelectorAll('button[aria-selected]:not([role])')) {
      button.removeAttribute('aria-selected');
    }
    for (const button of root.querySelectorAll<HTMLElement>('button:not([aria-label], [aria-labelledby])')) {
      if (button.innerText.trim() === '' || button.role === 'search') button.ariaLabel = nameOf(button);
    }
    // The accessible name must start with the visible text, so that voice control finds the button.
    for (const button of root.querySelectorAll<HTMLElement>('button.show-more[aria-label]')) {
      const text = button.innerText.trim();
      if (!(button.ariaLabel ?? '').startsWith(text)) button.ariaLabel = `${text}: ${button.ariaLabel ?? ''}`;
    }
    for (const part of root.querySelectorAll<HTMLElement>('pre, pre > code, ul.endpoints')) {
      if (part.scrollWidth > part.clientWidth || part.scrollHeight > part.clientHeight) part.tabIndex = 0;
    }
  };
  let waiting = false;
  new MutationObserver(() => {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => {
      waiting = false;
      patch();
    });
  }).observe(root, { childList: true, subtree: true });
}

function nameOf(button: HTMLElement): string {
  const said = button.textContent.trim() || button.title;
  if (said !== '') return said;
  const owner = button.closest('[aria-label]')?.getAttribute('aria-label') ?? 'this part';
  return `Open or close ${owner}`;
}
