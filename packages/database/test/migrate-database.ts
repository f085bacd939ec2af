// Applies the migrations in its second argument, as JSON, to the database in its first.
import { migrate } from '../src/migrate.ts';
import type { Migration } from '../src/migrations.ts';

const [url = '', migrations = '[]'] = process.argv.slice(2);
await migrate(url, { migrations: JSON.parse(migrations) as Migration[] });
