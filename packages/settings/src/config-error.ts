/** An invalid environment. The message has a line for each variable, and never a value. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}
