/** Returns why this page cannot ask for the microphone; null if it can. */
export function reasonAgainstMicrophone(): string | null {
  // The types assume a secure context.
  const devices = navigator.mediaDevices as MediaDevices | undefined;
  if (isSecureContext && devices !== undefined) return null;
  return 'Browsers allow the microphone only on pages at https:// or on this machine, such as http://127.0.0.1. Sample clips work here too.';
}

/** Returns the message for a microphone that did not start. */
export function microphoneProblem(error: unknown): string {
  const name = error instanceof DOMException ? error.name : '';
  switch (name) {
    case 'NotAllowedError':
      return 'Access to the microphone was denied. Allow it in the browser’s settings for this page, then press Microphone again. Sample clips work without it.';
    case 'NotFoundError':
      return 'No microphone was found. Connect one, then press Microphone again, or play a sample clip.';
    case 'NotReadableError':
      return 'Another program is using the microphone. Close that program, then press Microphone again.';
    default:
      return `The microphone did not start: ${error instanceof Error ? error.message : String(error)}`;
  }
}
