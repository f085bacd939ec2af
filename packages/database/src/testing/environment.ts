/** What a jest worker has to know of the server that `startTestServer` started. */
export interface TestServerEnvironment {
  /** Any database of the server. */
  url: string;
  /** Begins the name of every database of this run. */
  prefix: string;
  /** The migrated database that others are copied from. */
  template: string;
}

// Inherited by jest's workers, which share nothing else with its parent.
const VARIABLE = 'GREENROOM_TEST_SERVER';

/** The server of this run. Throws when there is none. */
export function readTestServer(): TestServerEnvironment {
  const value = process.env[VARIABLE];
  if (value === undefined) {
    throw new Error(
      'There is no test server: name startTestServer and stopTestServer of @greenroom/database/testing as ' +
        "globalSetup and globalTeardown in jest's configuration.",
    );
  }
  return JSON.parse(value) as TestServerEnvironment;
}

export function rememberTestServer(server: TestServerEnvironment): void {
  process.env[VARIABLE] = JSON.stringify(server);
}

export function forgetTestServer(): void {
  Reflect.deleteProperty(process.env, VARIABLE);
}
