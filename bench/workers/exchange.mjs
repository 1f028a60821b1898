/** An exchange that has ended, as signals read it. */
export const exchange = (route, method = 'GET', status = 200, endedMs = 1) => {
  const durationMs = Math.random() * 400;
  return {
    ...{ route, method, status, outcome: 'ok', errorType: undefined, durationMs },
    ...{ startedMs: endedMs - durationMs, firstByteMs: endedMs, lastByteMs: endedMs },
  };
};
