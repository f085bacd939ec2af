import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { freePort, until } from '@greenroom/testing';

export interface Prometheus {
  /** Sends a request to its API. Resolves with the data of a successful response. */
  get(path: string, parameters?: Record<string, string>): Promise<unknown>;
  stop(): Promise<void>;
}

const START_TIMEOUT_MS = 60_000;

/** Starts a Prometheus that scrapes an address four times a second and evaluates rules. */
export async function startPrometheus(metricsUrl: string, rulesFile: string): Promise<Prometheus> {
  const dir = await mkdtemp(join(tmpdir(), 'greenroom-prometheus-'));
  const config = join(dir, 'prometheus.yml');
  await writeFile(
    config,
    JSON.stringify({
      global: { scrape_interval: '250ms', scrape_timeout: '250ms', evaluation_interval: '250ms' },
      rule_files: [rulesFile],
      scrape_configs: [{ job_name: 'greenroom', static_configs: [{ targets: [new URL(metricsUrl).host] }] }],
    }),
  );
  const address = `127.0.0.1:${await freePort()}`;
  const child = spawn(
    'prometheus',
    [
      `--config.file=${config}`,
      `--storage.tsdb.path=${join(dir, 'data')}`,
      `--web.listen-address=${address}`,
      '--log.level=error',
    ],
    { stdio: ['ignore', 'ignore', 'inherit'] },
  );
  const exited = once(child, 'exit');
  const isReady = async () =>
    child.exitCode !== null || (await fetch(`http://${address}/-/ready`).catch(() => null))?.ok === true;
  await until(isReady, START_TIMEOUT_MS);
  return {
    async get(path, parameters = {}) {
      const response = await fetch(
        `http://${address}/api/v1/${path}?${new URLSearchParams(parameters).toString()}`,
      );
      const { data, error } = (await response.json()) as { data?: unknown; error?: string };
      if (error !== undefined) throw new Error(error);
      return data;
    },
    async stop() {
      child.kill('SIGKILL');
      await exited;
      await rm(dir, { recursive: true, force: true });
    },
  };
}
