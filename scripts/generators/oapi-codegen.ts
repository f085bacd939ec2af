import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { Case } from './cases.ts';
import { pinnedVersion, readings, type Generator } from './generator.ts';
import { runProgram } from './run-program.ts';

const MODULE = join(import.meta.dirname, 'go');
const GUIDE = join(import.meta.dirname, '../../apps/docs/guides/generated-client-go.md');

/** Go's caches keep the generator. Its version is that of go/go.mod. */
export const oapiCodegen: Generator = {
  name: `oapi-codegen ${pinnedVersion(join(MODULE, 'go.mod'), /oapi-codegen\/v2 v(\S+)/)}`,
  needs: ['go'],
  async run({ documentFile, cases, casesFile, folder }) {
    await cp(MODULE, folder, { recursive: true });
    await mkdir(join(folder, 'client'));
    await mkdir(join(folder, 'guide'));
    await writeFile(join(folder, 'guide', 'main.go'), await guideProgram());
    await writeFile(join(folder, 'readers.go'), readersModule(cases));
    const go = (...parameters: string[]) => runProgram('go', parameters, { cwd: folder });
    const output = join('client', 'client.gen.go');
    await go(
      'tool',
      'oapi-codegen',
      '-generate',
      'types,client',
      '-package',
      'client',
      '-o',
      output,
      documentFile,
    );
    await go('vet', './...');
    return readings(await go('run', '.', casesFile));
  },
};

/** Returns the program of the guide, with the client of this module. `go vet` compiles it. */
async function guideProgram(): Promise<string> {
  const program = /^```go checked main\.go\n([^]*?)^```$/m.exec(await readFile(GUIDE, 'utf8'))?.[1];
  const generated = '"example.com/avatar/greenroom"';
  if (program?.includes(generated) !== true) {
    throw new Error(`${GUIDE} has no main.go that imports ${generated}.`);
  }
  return program.replace(generated, 'greenroom "generators/client"');
}

/** Writes a table of the client's types by name, because Go has none at run time. */
function readersModule(cases: Case[]): string {
  const names = [...new Set(cases.map(({ schema }) => schema))];
  const entries = names.map((name) => `\t${JSON.stringify(name)}: into[client.${name}],`);
  return [
    'package main',
    'import "generators/client"',
    `var readers = map[string]func([]byte) (any, error){\n${entries.join('\n')}\n}`,
  ].join('\n\n');
}
