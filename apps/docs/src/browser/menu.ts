/** On narrow screens the navigation is behind a button. */
export function wireMenu(): void {
  const button = document.querySelector<HTMLButtonElement>('button.menu');
  const side = document.querySelector<HTMLElement>('nav.side');
  if (button === null) return;
  if (side === null) {
    button.remove();
    return;
  }
  const show = (open: boolean) => {
    document.body.classList.toggle('menu-open', open);
    button.setAttribute('aria-expanded', String(open));
  };
  button.addEventListener('click', () => show(button.getAttribute('aria-expanded') !== 'true'));
  document.addEventListener('keydown', ({ key }) => {
    if (key !== 'Escape' || button.getAttribute('aria-expanded') !== 'true') return;
    show(false);
    button.focus();
  });
  const here = side.querySelector<HTMLElement>('[aria-current]');
  if (here !== null) side.scrollTop = here.offsetTop - side.clientHeight / 2;
}
