/** The time for requests in progress to finish. */
export const DRAIN_TIMEOUT_MS = 10_000;
/** The time for background work to finish. */
export const STOP_TIMEOUT_MS = 3_000;
/** The time for background work that was cut off to release its jobs. */
export const RELEASE_TIMEOUT_MS = 2_000;
/** The time to close the connections of the jobs, then those of requests and Prisma. Each closes within 3 s. */
const CLOSE_TIMEOUT_MS = 3 * 3_000;

/** The longest time from the request to stop a process to its exit. */
export const MAX_STOP_MS = DRAIN_TIMEOUT_MS + STOP_TIMEOUT_MS + RELEASE_TIMEOUT_MS + CLOSE_TIMEOUT_MS;
