// ESLint and editors look for it here; what it needs is installed beside its parts.
import { config } from './scripts/lint/config.js';

export default config;
