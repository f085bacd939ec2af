/**
 * Copies text to the clipboard. Resolves with whether it could. Pages that come over plain HTTP from another machine
 * have no `navigator.clipboard`: there the text is selected and copied by the document.
 */
export async function copyText(text: string): Promise<boolean> {
  try {
    // The types know secure contexts only.
    const clipboard = navigator.clipboard as Clipboard | undefined;
    if (clipboard === undefined) return copySelected(text);
    await clipboard.writeText(text);
    return true;
  } catch {
    return copySelected(text);
  }
}

/** Obsolete, and the one way there is without a secure context. */
interface CopyingDocument {
  execCommand(command: 'copy'): boolean;
}

function copySelected(text: string): boolean {
  const area = document.createElement('textarea');
  area.value = text;
  area.readOnly = true;
  // Where it is seen by nobody and scrolls nothing.
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
