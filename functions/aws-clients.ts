/**
 * How long the functions wait for AWS, and how often they ask again. Left to itself the SDK waits for an answer without
 * end, so that one lost packet would cost a function all of its time.
 */

/** Within a region a connection stands after a few milliseconds, TLS included. */
const connectionTimeout = 1_000;

const within = (milliseconds: number) => ({
  connectionTimeout,
  requestTimeout: milliseconds,
  socketTimeout: milliseconds,
  // Else it is only a warning in the log.
  throwOnRequestTimeout: true,
});

/**
 * For the table: answers come within milliseconds, 1 MB of rows within some hundred. Four tries with their pauses end
 * within nine seconds, which is less than what a run leaves for its last commit (`LAST_RESERVE_MS` in `sync.ts`).
 */
export const tableLimits = {
  maxAttempts: 4,
  requestHandler: within(2_000),
};

/** For blobs: a large one may take as long as it moves, but does not stand still for much longer than eight seconds. */
export const blobLimits = {
  maxAttempts: 3,
  requestHandler: { connectionTimeout, socketTimeout: 8_000 },
};

/** For queue, keys and parameters: what is done twice there is harmless. */
export const callLimits = {
  maxAttempts: 3,
  requestHandler: within(3_000),
};

/**
 * For another function whose answer somebody waits for: within the 30 seconds of the API, and once. The code of a
 * sign-in may be used a single time, and a second test may lock an account.
 */
export const functionLimits = {
  maxAttempts: 1,
  requestHandler: within(27_000),
};
