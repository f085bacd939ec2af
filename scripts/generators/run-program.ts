import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const MAX_OUTPUT_BYTES = 2 ** 26;
const SHOWN_LINES = 40;

/**
 * Runs a program. Resolves with its standard output.
 *
 * @throws {Error} with the end of its output, when its exit code is not 0
 */
export async function runProgram(
  program: string,
  parameters: string[],
  { cwd, env = {} }: RunOptions,
): Promise<string> {
  try {
    const options = { cwd, env: { ...process.env, ...env }, maxBuffer: MAX_OUTPUT_BYTES };
    return (await promisify(execFile)(program, parameters, options)).stdout;
  } catch (error) {
    const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string };
    const output = `${stdout}\n${stderr}`.trim().split('\n').slice(-SHOWN_LINES).join('\n');
    throw new Error(`${program} ${parameters.join(' ')} failed:\n${output}`, { cause: error });
  }
}

interface RunOptions {
  cwd: string;
  env?: Record<string, string>;
}
