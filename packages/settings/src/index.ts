export { ConfigError } from './config-error.ts';
export { SETTING_NAMES } from './names.ts';
export { readSettings } from './read-settings.ts';
export { unknownSettings } from './unknown-settings.ts';
export { flag, logLevel } from './validators.ts';
