/** The server that `startTestServer` started, for jest's workers. */
export interface TestServerEnvironment {
  /** Connection string of any database on the server. */
  url: string;
  /** Prefix of the names of this run's databases. */
  prefix: string;
  /** Connection strings of the worker nodes, where the server is the coordinator of a Citus cluster. */
  workers: readonly string[];
  /** Name of the migrated database that test databases are copied from. */
  template: string;
}

// Jest's workers share only the environment with their parent.
const VARIABLE = 'GREENROOM_TEST_SERVER';

/**
 * Returns the server of this run.
 *
 * @throws {Error} when `startTestServer` has not run
 */
export function readTestServer(): TestServerEnvironment {
  const value = process.env[VARIABLE];
  if (value === undefined) {
    throw new Error(
      'There is no test server. Set globalSetup and globalTeardown in the jest configuration to startTestServer and ' +
        'stopTestServer of @greenroom/database/testing.',
    );
  }
  return JSON.parse(value) as TestServerEnvironment;
}

export function saveTestServer(server: TestServerEnvironment): void {
  process.env[VARIABLE] = JSON.stringify(server);
}

export function clearTestServer(): void {
  Reflect.deleteProperty(process.env, VARIABLE);
}
