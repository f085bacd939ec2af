import { copyText } from '@greenroom/pages';

const SHOWN_MS = 1_500;

/** Adds a copy button to every code block. */
export function wireCopyButtons(): void {
  for (const figure of document.querySelectorAll<HTMLElement>('figure.code')) {
    const button = document.createElement('button');
    button.type = 'button';
    button.className = 'copy';
    button.textContent = 'Copy';
    button.addEventListener('click', () => {
      const say = (result: string) => {
        button.textContent = result;
        setTimeout(() => (button.textContent = 'Copy'), SHOWN_MS);
      };
      const code = figure.querySelector('code')?.textContent ?? '';
      copyText(code).then(
        (isCopied) => say(isCopied ? 'Copied' : 'Not copied'),
        () => say('Not copied'),
      );
    });
    figure.querySelector('figcaption')?.append(button);
  }
}
