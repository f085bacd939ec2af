const TIMEOUT_MS = 3_000;

/** Resolves with whether a Greenroom server responds at this base URL. */
export async function isGreenroomAt(url: string): Promise<boolean> {
  try {
    const response = await fetch(`${url}/healthz`, {
      redirect: 'error',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    await response.body?.cancel();
    // Other programs also have a `/healthz`.
    return response.headers.get('X-Request-Id')?.startsWith('req_') === true;
  } catch {
    return false;
  }
}
