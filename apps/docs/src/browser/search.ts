import MiniSearch, { type SearchResult } from 'minisearch';

import { SEARCH_OPTIONS, type SearchHit } from '../search/search-options.ts';

const MAX_HITS = 12;

/** A dialog that searches pages while the user types. Loads its index when it is first opened. */
export function wireSearch(): void {
  const button = document.querySelector<HTMLButtonElement>('button.search');
  if (button === null) return;
  let dialog: HTMLDialogElement | null = null;
  const open = () => {
    dialog ??= searchDialog();
    if (!dialog.open) dialog.showModal();
    dialog.querySelector('input')?.select();
  };
  button.addEventListener('click', open);
  document.addEventListener('keydown', (event) => {
    const slash = event.key === '/' && !isTyping(event.target);
    const commandK = event.key === 'k' && (event.metaKey || event.ctrlKey);
    if (!slash && !commandK) return;
    event.preventDefault();
    open();
  });
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement && (target.matches('input, textarea, select') || target.isContentEditable)
  );
}

function searchDialog(): HTMLDialogElement {
  const dialog = document.createElement('dialog');
  dialog.className = 'search-dialog';
  dialog.setAttribute('aria-label', 'Search');
  const input = document.createElement('input');
  // With type `search`, the first Escape would clear the field, and only the second one would close the dialog.
  input.type = 'text';
  input.setAttribute('role', 'searchbox');
  input.placeholder = 'Search operations, errors, guides';
  input.setAttribute('aria-label', 'Search');
  input.autocomplete = 'off';
  const status = document.createElement('p');
  status.setAttribute('role', 'status');
  const list = document.createElement('ul');
  dialog.append(input, status, list);
  document.body.append(dialog);

  const index = loadedIndex();
  const show = async () => {
    const words = input.value.trim();
    const hits = words === '' ? [] : (await index).search(words).slice(0, MAX_HITS);
    status.textContent = words === '' ? '' : hits.length === 0 ? 'Nothing found' : `${hits.length} found`;
    list.replaceChildren(...hits.map((hit) => hitItem(searchHit(hit))));
  };
  input.addEventListener('input', () => {
    show().catch(() => {
      status.textContent = 'The search could not be loaded. Reload the page and try again.';
    });
  });
  dialog.addEventListener('keydown', (event) => moveFocus(event, dialog));
  dialog.addEventListener('click', ({ target }) => {
    if (target === dialog) dialog.close();
  });
  return dialog;
}

async function loadedIndex(): Promise<MiniSearch> {
  const { search = '' } = document.body.dataset;
  const response = await fetch(search);
  if (!response.ok) throw new Error(`The search index could not be loaded: ${response.status}`);
  return MiniSearch.loadJSON(await response.text(), SEARCH_OPTIONS);
}

/** Returns the stored fields of a result. */
function searchHit({ path, title, section, text }: SearchResult): SearchHit {
  return { path: String(path), title: String(title), section: String(section), text: String(text) };
}

function hitItem({ path, title, section, text }: SearchHit): HTMLLIElement {
  const item = document.createElement('li');
  const link = document.createElement('a');
  link.href = (document.body.dataset['base'] ?? '') + path.slice(1);
  for (const [tag, content] of [
    ['small', section],
    ['strong', title],
    ['span', text],
  ] as const) {
    const part = document.createElement(tag);
    part.textContent = content;
    link.append(part);
  }
  item.append(link);
  return item;
}

/** The up and down keys move through the field and the results. Enter in the field opens the first result. */
function moveFocus(event: KeyboardEvent, dialog: HTMLDialogElement): void {
  const stops = [...dialog.querySelectorAll<HTMLElement>('input, a')];
  const at = stops.indexOf(document.activeElement as HTMLElement);
  if (event.key === 'Enter' && at === 0) stops[1]?.click();
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step === undefined) return;
  event.preventDefault();
  stops[Math.max(0, Math.min(stops.length - 1, at + step))]?.focus();
}
