import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const GREENROOM = fileURLToPath(new URL('../../../apps/api/dist/cli/greenroom.js', import.meta.url));
const SCOPES = ['sessions:read', 'sessions:write', 'avatars:write'];

/**
 * Creates a test key for an organisation with the operator's command.
 *
 * @throws {Error} when the command fails
 */
export async function createKey(databaseUrl: string, org: string): Promise<string> {
  const scopes = SCOPES.flatMap((scope) => ['--scope', scope]);
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [GREENROOM, 'keys', 'create', '--org', org, '--mode', 'test', ...scopes],
    { env: { PATH: process.env['PATH'], DATABASE_URL: databaseUrl } },
  );
  const secret = /^secret +(\S+)$/m.exec(stdout)?.[1];
  if (secret === undefined) throw new Error(`"keys create" printed no secret for the organisation ${org}.`);
  return secret;
}
