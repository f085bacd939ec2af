// Exits with 0 while the server of this machine or container runs, for health checks where there is no curl.
const url = `http://127.0.0.1:${process.env.PORT || 4000}/healthz`;
fetch(url, { signal: AbortSignal.timeout(4_000) }).then(
  ({ ok, status }) => {
    if (!ok) console.error(`${url} responded ${status}.`);
    process.exitCode = ok ? 0 : 1;
  },
  ({ message, cause }) => {
    console.error(`${url} cannot be reached: ${cause?.message || message}`);
    process.exitCode = 1;
  },
);
