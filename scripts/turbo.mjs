// Runs turbo without telemetry: `node scripts/turbo.mjs run build`. Always call turbo by this script.
import { createRequire } from 'node:module';

process.env.TURBO_TELEMETRY_DISABLED = '1';
process.env.DO_NOT_TRACK = '1';
createRequire(import.meta.url)('turbo/bin/turbo');
