/** Variables of the system that a program needs: paths, trusted certificates and output settings. */
const SYSTEM = [
  ...['PATH', 'HOME', 'TMPDIR', 'TEMP', 'TMP', 'SystemRoot', 'LD_LIBRARY_PATH', 'LANG', 'TZ'],
  ...['NODE_ENV', 'NODE_OPTIONS', 'NODE_EXTRA_CA_CERTS', 'SSL_CERT_FILE', 'SSL_CERT_DIR'],
  ...['HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY', 'http_proxy', 'https_proxy', 'no_proxy', 'NO_COLOR'],
];

/** Settings of the worker that are the developer's to choose. */
const SETTINGS = [
  'GREENROOM_RUNTIMES',
  'GREENROOM_SLOTS',
  'GREENROOM_WORKER_NAME',
  'GREENROOM_ALLOW_PRIVATE_ADDRESSES',
  'LOG_LEVEL',
];

/**
 * Returns the environment of a worker for the API of this machine. The secrets of the API, such as the address of its
 * database, are not in it.
 *
 * @param {{ url: string, workerKeyFile: string }} serving
 * @param {NodeJS.ProcessEnv} given the environment of the API
 */
export function workerEnvironment({ url, workerKeyFile }, given) {
  const passed = [...SYSTEM, ...SETTINGS].filter((name) => given[name] !== undefined);
  return {
    // Where a developer tries things, rooms are on this machine too.
    GREENROOM_ALLOW_PRIVATE_ADDRESSES: 'true',
    // Test sessions and live ones.
    GREENROOM_RUNTIMES: 'simulator,bringup',
    ...Object.fromEntries(passed.map((name) => [name, given[name]])),
    GREENROOM_API_URL: url,
    GREENROOM_WORKER_KEY_FILE: workerKeyFile,
  };
}
