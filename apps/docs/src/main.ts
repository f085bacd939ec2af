import { fileURLToPath } from 'node:url';

import { site } from './site/site.ts';
import { writeSite } from './site/write-site.ts';

await writeSite(fileURLToPath(new URL('../dist/site', import.meta.url)), await site());
