import { DockerfileParser } from 'dockerfile-ast';
import { parse } from 'yaml';

import { read } from './repository.ts';

/** The settings of a container in the last stage of the Dockerfile. */
export interface Image {
  env: Record<string, string>;
  user: string;
  workingDirectory: string;
  command: string[];
  healthCheck: string[];
}

/** A service of the compose file. */
export interface Service {
  build?: string;
  image?: string;
  command?: string[];
  environment?: Record<string, string>;
  secrets?: string[];
  ports?: string[];
  healthcheck?: { test?: string[]; disable?: boolean };
  depends_on?: Record<string, { condition: string }>;
}

export interface Compose {
  services: Record<string, Service>;
  secrets: Record<string, { file: string }>;
}

/**
 * Reads the Dockerfile.
 *
 * @throws {SyntaxError} when a command is not in the form of a JSON array, which a shell would run
 */
export function readImage(): Image {
  const dockerfile = DockerfileParser.parse(read('Dockerfile'));
  const instructions = dockerfile.getInstructions();
  const lastStage = instructions.findLastIndex((instruction) => instruction.getKeyword() === 'FROM');
  const argumentsOf = (keyword: string) =>
    instructions
      .slice(lastStage)
      .findLast((instruction) => instruction.getKeyword() === keyword)
      ?.getRawArgumentsContent() ?? '';
  const env = argumentsOf('ENV')
    .split(' ')
    .map((pair) => pair.split('=') as [string, string]);
  return {
    env: Object.fromEntries(env),
    user: argumentsOf('USER'),
    workingDirectory: argumentsOf('WORKDIR'),
    command: JSON.parse(argumentsOf('CMD')) as string[],
    healthCheck: JSON.parse(argumentsOf('HEALTHCHECK').replace(/^CMD /, '')) as string[],
  };
}

export function readCompose(): Compose {
  return parse(read('compose.yaml'), { merge: true }) as Compose;
}

/** Returns the values of a setting of a systemd unit. */
export function unitValues(unit: string, setting: string): string[] {
  const lines = read(`apps/release/systemd/${unit}`).matchAll(new RegExp(`^${setting}=(.*)$`, 'gm'));
  return [...lines].map(([, value = '']) => value);
}
