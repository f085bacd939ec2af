// Runs the API with its documentation and the console: `node server.js [--processes N]`. Settings are environment variables.
const { join } = require('node:path');

// Empty counts as unset.
process.env.NODE_ENV ||= 'production';
process.env.GREENROOM_DOCS_DIR ||= join(__dirname, 'docs');
process.env.GREENROOM_CONSOLE_DIR ||= join(__dirname, 'console');
import('@greenroom/api/main');
