// ESLint and editors look for it here; its parts and their dependencies are in scripts/.
import { config } from './scripts/lint/config.js';

export default config;
