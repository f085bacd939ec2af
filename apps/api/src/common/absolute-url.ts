/** A longer host would leave no room for the message that contains the link. */
const MAX_LENGTH = 512;

/** The part of a request by which its caller reached the server. */
interface Origin {
  protocol: string;
  host: string;
}

/** Returns the URL of a path at the host that the caller used; only the path where the host is not usable. */
export function absoluteUrl({ protocol, host }: Origin, path: string): string {
  const base = `${protocol}://${host}`;
  if (!host || !URL.canParse(base)) return path;
  const url = new URL(base).origin + path;
  return url.length > MAX_LENGTH ? path : url;
}
