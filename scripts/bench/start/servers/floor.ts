/** The lower bound of a start: Node, `node:http` and one query of `pg`. */
import { createServer } from 'node:http';

import pg from 'pg';

const pool = new pg.Pool({ connectionString: process.env['DATABASE_URL'] });

createServer((_request, response) => {
  pool.query('SELECT 1').then(
    () => response.end(),
    () => response.writeHead(503).end(),
  );
}).listen(Number(process.env['PORT']), '127.0.0.1');
