/**
 * What the renderer leaves out for those who do not see or do not use a mouse, put right whenever it has drawn. axe
 * finds these; each goes when a version of the renderer has it.
 */
export function mendReference(root: HTMLElement): void {
  const mend = () => {
    // Buttons of the navigation are not tabs.
    for (const button of root.querySelectorAll('button[aria-selected]:not([role])')) {
      button.removeAttribute('aria-selected');
    }
    for (const button of root.querySelectorAll<HTMLElement>('button:not([aria-label], [aria-labelledby])')) {
      if (button.innerText.trim() === '' || button.role === 'search') button.ariaLabel = nameOf(button);
    }
    // A name must hold what is written on the button, or those who speak to it are not understood.
    for (const button of root.querySelectorAll<HTMLElement>('button.show-more[aria-label]')) {
      const text = button.innerText.trim();
      if (!(button.ariaLabel ?? '').startsWith(text)) button.ariaLabel = `${text}: ${button.ariaLabel ?? ''}`;
    }
    for (const code of root.querySelectorAll<HTMLElement>('pre, pre > code')) {
      if (code.scrollWidth > code.clientWidth || code.scrollHeight > code.clientHeight) code.tabIndex = 0;
    }
  };
  let waiting = false;
  new MutationObserver(() => {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => {
      waiting = false;
      mend();
    });
  }).observe(root, { childList: true, subtree: true });
}

function nameOf(button: HTMLElement): string {
  const said = button.textContent.trim() || button.title;
  if (said !== '') return said;
  const owner = button.closest('[aria-label]')?.getAttribute('aria-label') ?? 'this part';
  return `Open or close ${owner}`;
}
