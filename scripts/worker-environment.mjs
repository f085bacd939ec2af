/** System variables that a program needs: paths, trusted certificates and output settings. */
const SYSTEM = [
  ...['PATH', 'HOME', 'TMPDIR', 'TEMP', 'TMP', 'SystemRoot', 'LD_LIBRARY_PATH', 'LANG', 'TZ'],
  ...['NODE_ENV', 'NODE_OPTIONS', 'NODE_EXTRA_CA_CERTS', 'SSL_CERT_FILE', 'SSL_CERT_DIR'],
  ...['HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY', 'http_proxy', 'https_proxy', 'no_proxy', 'NO_COLOR'],
];

/** Settings of the worker that a developer can override. */
const SETTINGS = [
  'GREENROOM_RUNTIMES',
  'GREENROOM_SLOTS',
  'GREENROOM_WORKER_NAME',
  'GREENROOM_ALLOW_PRIVATE_ADDRESSES',
  'GREENROOM_MEDIA_PORT',
  'GREENROOM_MEDIA_HOST',
  'GREENROOM_MEDIA_URL',
  'LOG_LEVEL',
];

/** The prefix of the variables for traces. */
const TRACES = 'OTEL_';

/**
 * Returns the environment of a worker for the local API, without the API's secrets such as the URL of its database.
 *
 * @param {{ url: string, workerKeyFile: string }} api
 * @param {NodeJS.ProcessEnv} apiEnvironment
 */
export function workerEnvironment({ url, workerKeyFile }, apiEnvironment) {
  const inherited = Object.keys(apiEnvironment).filter(
    (name) => SYSTEM.includes(name) || SETTINGS.includes(name) || name.startsWith(TRACES),
  );
  return {
    // During development, rooms are also on this machine.
    GREENROOM_ALLOW_PRIVATE_ADDRESSES: 'true',
    GREENROOM_RUNTIMES: 'simulator,livekit',
    // Any free port: the server passes it on to the client.
    GREENROOM_MEDIA_PORT: '0',
    ...Object.fromEntries(inherited.map((name) => [name, apiEnvironment[name]])),
    GREENROOM_API_URL: url,
    GREENROOM_WORKER_KEY_FILE: workerKeyFile,
  };
}
