// Runs a worker: `node worker.js`. Settings are environment variables; `--help` lists them.
process.env.NODE_ENV ||= 'production';
import('@greenroom/worker/main');
