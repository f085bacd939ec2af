// Turbo with its telemetry off. Every call of it goes through here: `node scripts/turbo.mjs run build`.
import { createRequire } from 'node:module';

process.env.TURBO_TELEMETRY_DISABLED = '1';
process.env.DO_NOT_TRACK = '1';
createRequire(import.meta.url)('turbo/bin/turbo');
