/**
 * Packages of which one file is used, and the dependencies that this file imports. Their other dependencies, several
 * hundred megabytes, are not installed.
 */
const IMPORTED = {
  // Its browser bundle contains its dependencies.
  '@scalar/api-reference': [],
  // A test runs its audio output.
  '@livekit/agents': [
    '@livekit/mutex',
    '@livekit/rtc-node',
    '@livekit/throws-transformer',
    '@opentelemetry/api-logs',
    '@opentelemetry/core',
    '@opentelemetry/exporter-metrics-otlp-proto',
    '@opentelemetry/exporter-trace-otlp-proto',
    '@opentelemetry/otlp-exporter-base',
    'livekit-server-sdk',
    'pino',
    'pino-pretty',
  ],
};

function readPackage(manifest) {
  const imported = IMPORTED[manifest.name];
  if (imported === undefined) return manifest;
  const onlyImported = (versions = {}) =>
    Object.fromEntries(Object.entries(versions).filter(([name]) => imported.includes(name)));
  return {
    ...manifest,
    dependencies: onlyImported(manifest.dependencies),
    peerDependencies: onlyImported(manifest.peerDependencies),
  };
}

export const hooks = { readPackage };
