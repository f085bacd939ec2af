/**
 * Copies text to the clipboard. Resolves with whether it succeeded. Pages from another machine over plain HTTP have no
 * `navigator.clipboard`: there the text is selected and copied with `execCommand`.
 */
export async function copyText(text: string): Promise<boolean> {
  try {
    // The types assume a secure context.
    const clipboard = navigator.clipboard as Clipboard | undefined;
    if (clipboard === undefined) return copySelected(text);
    await clipboard.writeText(text);
    return true;
  } catch {
    return copySelected(text);
  }
}

/** Obsolete, but the only way without a secure context. */
interface CopyingDocument {
  execCommand(command: 'copy'): boolean;
}

function copySelected(text: string): boolean {
  const area = document.createElement('textarea');
  area.value = text;
  area.readOnly = true;
  // Invisible, and at a position that does not scroll the page.
  area.style.position = 'fixed';
  area.style.opacity = '0';
  document.body.append(area);
  const focused = document.activeElement;
  area.select();
  const page: CopyingDocument = document;
  const isCopied = page.execCommand('copy');
  area.remove();
  if (focused instanceof HTMLElement) focused.focus();
  return isCopied;
}
