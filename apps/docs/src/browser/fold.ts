/** Code with more lines is folded. */
const MAX_LINES = 24;

/** Folds long samples behind a button. Guides show code whole, because their readers copy all of it. */
export function foldLongSamples(): void {
  for (const figure of document.querySelectorAll<HTMLElement>('.samples figure.code')) {
    const lines = figure.querySelector('code')?.textContent.split('\n').length ?? 0;
    if (lines <= MAX_LINES) continue;
    const button = document.createElement('button');
    button.type = 'button';
    button.className = 'show-all';
    button.textContent = `Show all ${lines} lines`;
    button.addEventListener('click', () => {
      figure.classList.remove('folded');
      button.remove();
      figure.querySelector('pre')?.focus();
    });
    figure.classList.add('folded');
    figure.append(button);
  }
}
