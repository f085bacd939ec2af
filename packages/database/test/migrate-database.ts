// A process that applies the migrations it is given as JSON to the database it is given.
import { migrate } from '../src/migrate.ts';
import type { Migration } from '../src/migrations.ts';

const [url = '', migrations = '[]'] = process.argv.slice(2);
await migrate(url, { migrations: JSON.parse(migrations) as Migration[] });
