import { makeValidator } from 'envalid';

// Replace envalid's validators, which quote the value: it may be a secret in the wrong variable.

/** Reads true or false. */
export const flag = makeValidator((text: string) => {
  if (['true', '1', 'yes', 'on'].includes(text.toLowerCase())) return true;
  if (['false', '0', 'no', 'off'].includes(text.toLowerCase())) return false;
  throw new Error('must be true or false');
});

const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'silent'];

/** Reads a level of `pino`. */
export const logLevel = makeValidator((text: string) => {
  if (!LOG_LEVELS.includes(text)) throw new Error(`must be one of ${LOG_LEVELS.join(', ')}`);
  return text;
});
